import { expect, it, vi } from 'vitest'
import { dateFormat, numberFormat } from './formats'

it('makes each formatter once', () => {
  const made = vi.spyOn(Intl, 'DateTimeFormat')
  const month = { month: 'long' } as const
  expect(dateFormat('fr', month)).toBe(dateFormat('fr', { ...month }))
  expect(dateFormat('en', month)).not.toBe(dateFormat('fr', month))
  expect(made).toHaveBeenCalledTimes(2)
  expect(numberFormat('fr').format(1.5)).toBe('1,5')
  expect(numberFormat('fr', { style: 'percent' })).not.toBe(numberFormat('fr'))
})
