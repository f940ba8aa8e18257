// @vitest-environment happy-dom
import { flushSync } from 'svelte'
import { expect, it } from 'vitest'
import { mounted, textOf } from '../mounted'
import { MOST_ROWS } from '../../table'
import DataTable from './DataTable.svelte'

const columns = ['Service', 'Cost']
const rows = [['Roads', '1 250'], ['Parks', '95'], ['Schools', '340']]

function shown(table: { columns: string[]; rows: string[][] }) {
  const { target, find } = mounted(DataTable, { table, locale: 'en', charted: false })
  const sort = (column: number) => {
    target.querySelectorAll<HTMLElement>('th button')[column]?.click()
    flushSync()
  }
  const first = () => [...target.querySelectorAll('tbody tr')].map((row) => textOf(row.querySelector('td')))
  return { target, find, sort, first }
}

it('is sorted by a column up, down, and not at all', () => {
  const { target, sort, first } = shown({ columns, rows })
  const order = () => [...target.querySelectorAll('th')].map((head) => head.getAttribute('aria-sort'))
  sort(1)
  expect([first(), order()]).toEqual([['Parks', 'Schools', 'Roads'], ['none', 'ascending']])
  sort(1)
  expect([first(), order()]).toEqual([['Roads', 'Schools', 'Parks'], ['none', 'descending']])
  sort(0)
  expect([first(), order()]).toEqual([['Parks', 'Roads', 'Schools'], ['ascending', 'none']])
  sort(0)
  sort(0)
  expect([first(), order()]).toEqual([['Roads', 'Parks', 'Schools'], ['none', 'none']])
})

it('offers a chart only of numbers, and of more than one row', () => {
  expect(shown({ columns, rows }).find('chart')).not.toBeNull()
  expect(shown({ columns, rows: rows.slice(0, 1) }).find('chart')).toBeNull()
  expect(shown({ columns: ['a', 'b'], rows: [['x', 'y'], ['z', 'w']] }).find('chart')).toBeNull()
})

it('says how many rows it does not show', () => {
  const many = Array.from({ length: MOST_ROWS + 3 }, (_, i) => [`row ${i}`, String(i)])
  const { target, first } = shown({ columns, rows: many })
  expect(first()).toHaveLength(MOST_ROWS)
  expect(textOf(target.querySelector('p'))).toBe('Rows that are not shown: 3')
  expect(shown({ columns, rows }).target.querySelector('p')).toBeNull()
})

it('draws numbers of JSON as JSON writes them, in any language', () => {
  const json = { columns: ['Rate', 'Value'], rows: [['low', '1.125'], ['high', '20']], mark: '.' as const }
  const { target } = mounted(DataTable, { table: json, locale: 'de', charted: true })
  const heights = [...target.querySelectorAll('figure rect')].map((bar) => Number(bar.getAttribute('height')))
  expect(heights[0]).toBeLessThan(heights[1] as number)
})
