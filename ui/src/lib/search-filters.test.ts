import { expect, test } from 'vitest'
import { SEARCH_FILTERS, type SearchFilter, withFilter } from './search-filters'

function of(example: string): SearchFilter {
  const filter = SEARCH_FILTERS.find((filter) => filter.example === example)
  if (!filter) throw new Error(example)
  return filter
}

test('a filter goes to the end of the query, the cursor to where it is filled in', () => {
  expect(withFilter('', of('from:me'))).toEqual({ query: 'from:me ', cursor: 8 })
  expect(withFilter('lease ', of('in:"…"'))).toEqual({ query: 'lease in:""', cursor: 10 })
  expect(withFilter('lease', of('… OR …'))).toEqual({ query: 'lease OR ', cursor: 9 })
  expect(withFilter('lease', of('-…'))).toEqual({ query: 'lease -', cursor: 7 })
})
