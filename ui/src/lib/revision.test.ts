import { expect, test } from 'vitest'
import { isChange, revised } from './revision'

test('what is rejected stays as it was', () => {
  const pieces = [
    { before: 'Il on', after: 'Ils ont' },
    { before: ' mangé la ', after: ' mangé la ' },
    { before: 'pome', after: 'pomme' },
  ]
  expect(pieces.map(isChange)).toEqual([true, false, true])
  expect(revised(pieces, new Set())).toBe('Ils ont mangé la pomme')
  expect(revised(pieces, new Set([0]))).toBe('Il on mangé la pomme')
  expect(revised(pieces, new Set([0, 2]))).toBe('Il on mangé la pome')
})
