import { expect, it } from 'vitest'
import { byName } from './activity'

it('counts what has one name together, the largest first', () => {
  const counts = [
    { name: 'small', count: 2 },
    { name: 'large', count: 4 },
    { name: 'small', count: 3 },
  ]
  expect(byName(counts)).toEqual([
    { name: 'small', count: 5 },
    { name: 'large', count: 4 },
  ])
  expect(byName([])).toEqual([])
})
