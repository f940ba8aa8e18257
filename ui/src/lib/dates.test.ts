import { expect, it } from 'vitest'
import { groupByDate } from './dates'

const NOW = new Date(2026, 2, 30, 9, 0)
const at = (...date: [number, number, number, number?]) => ({ updated: new Date(...date).getTime() })
const labels = (items: { updated: number | null }[], locale = 'en') => groupByDate(items, NOW, locale).map((g) => g.label)

it('groups by calendar days, not by hours', () => {
  const items = [at(2026, 2, 30, 1), at(2026, 2, 29, 23), at(2026, 2, 23), at(2026, 2, 22), at(2026, 1, 28), at(2026, 1, 27)]
  expect(labels(items)).toEqual(['Today', 'Yesterday', 'Last 7 days', 'Last 30 days', 'February 2026'])
})

it('names older months in the language, each with its year', () => {
  expect(labels([at(2025, 11, 2), at(2025, 11, 1), at(2024, 11, 1)], 'fr')).toEqual(['Décembre 2025', 'Décembre 2024'])
})

it('keeps every item in its order', () => {
  const items = [at(2026, 2, 30, 8), at(2026, 2, 30, 7), at(2020, 0, 1), { updated: null }]
  expect(groupByDate(items, NOW, 'en').flatMap((group) => group.items)).toEqual(items)
})

it('takes a clock that was set back for today', () => {
  expect(labels([at(2026, 3, 2)])).toEqual(['Today'])
})
