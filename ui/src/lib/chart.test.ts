import { expect, test } from 'vitest'
import { chartData, ticks } from './chart'

test('a chart shows the numbers of a table by what names them', () => {
  const table = { columns: ['Article', 'Coût', 'Note'], rows: [['A', '1 250', 'x'], ['B', '340', '']] }
  expect(chartData(table, 'en')).toEqual({ labels: ['A', 'B'], series: [{ name: 'Coût', values: [1250, 340] }] })
  const years = { columns: ['Year', 'N'], rows: [['2024', '1'], ['2025', '']] }
  expect(chartData(years, 'en')).toEqual({ labels: ['2024', '2025'], series: [{ name: 'N', values: [1, null] }] })
  const counted = { columns: ['Article', 'Subject', 'Cost'], rows: [['1', 'A', '5'], ['2', 'B', '7']] }
  expect(chartData(counted, 'en')).toEqual({ labels: ['A', 'B'], series: [{ name: 'Cost', values: [5, 7] }] })
  expect(chartData({ columns: ['n', 'a'], rows: [['1', 'x'], ['2', 'y']] }, 'en')?.series).toHaveLength(1)
  expect(chartData({ columns: ['a'], rows: [['x']] }, 'en')).toBeNull()
})

test('ticks are round, and hold zero and every value', () => {
  for (const values of [[1, 2, 3], [1250, 340, 0], [-5, 7], [0.012], [0], [-3], [999999]]) {
    const all = ticks(values)
    expect(all).toContain(0)
    expect(all[0]).toBeLessThanOrEqual(Math.min(...values))
    expect(all.at(-1)).toBeGreaterThanOrEqual(Math.max(...values))
    expect(all.length).toBeLessThan(9)
  }
})
