import { expect, test } from 'vitest'
import { numberOf, numericColumns, sorted, tableOfCsv, tableOfJson } from './table'

test('separated values are read as people write them', () => {
  expect(tableOfCsv('a,b\n1,"x, ""y""\nz"\n\n2,\n')).toEqual({ columns: ['a', 'b'], rows: [['1', 'x, "y"\nz'], ['2', '']] })
  expect(tableOfCsv('Nom;Coût\r\nA;1,5\r\n')).toEqual({ columns: ['Nom', 'Coût'], rows: [['A', '1,5']] })
  expect(tableOfCsv('a\tb\n1\t2')?.columns).toEqual(['a', 'b'])
  for (const none of ['', 'only one line, here', 'one\ntwo\n']) expect(tableOfCsv(none)).toBeNull()
})

test('what has no name, or too many, is not shown as a table that would leave it out', () => {
  expect(tableOfCsv('name,age\nSmith, John,40\n')).toBeNull()
  expect(tableOfJson('[["a","b"],[1,2,3]]')).toBeNull()
  expect(tableOfCsv('a,b\n1,2,\n')?.rows).toEqual([['1', '2']])
  const many = Array.from({ length: 5000 }, (_, i) => ({ [`n${i}`]: i }))
  expect(tableOfJson(JSON.stringify(many))).toBeNull()
  expect(tableOfCsv(`${'a,'.repeat(300)}\n1,2\n`)).toBeNull()
})

test('arrays of JSON are tables, other JSON is not', () => {
  expect(tableOfJson('[{"a":1,"b":"x"},{"b":null,"c":[1]}]')).toEqual({ columns: ['a', 'b', 'c'], rows: [['1', 'x', ''], ['', '', '[1]']] })
  expect(tableOfJson('[["a","b"],[1,2]]')).toEqual({ columns: ['a', 'b'], rows: [['1', '2']] })
  for (const none of ['{"a":1}', '[1,2]', '[]', '[{]', '[{}]']) expect(tableOfJson(none)).toBeNull()
})

test('numbers are known in several ways of writing', () => {
  const written: [string, number | null][] = [
    ['1,250', 1250],
    ['1 250,5 €', 1250.5],
    ['1.234.567', 1_234_567],
    ['1.234,5', 1234.5],
    ['1,234.5', 1234.5],
    ['12 %', 12],
    ['−3', -3],
    ['1.5e3', 1500],
    ['0,25', 0.25],
    ['n/a', null],
    ['2026-01-02', null],
    ['', null],
    [',', null],
  ]
  for (const [text, number] of written) expect(numberOf(text), text).toBe(number)
})

test('rows are sorted by number or by word, the empty ones last', () => {
  const table = { columns: ['n', 'w'], rows: [['10', 'été'], ['9', 'zoo'], ['', 'eau']] }
  const first = (column: number, down: boolean) => sorted(table, column, down, 'fr').map((row) => row[column])
  expect(first(0, false)).toEqual(['9', '10', ''])
  expect(first(0, true)).toEqual(['10', '9', ''])
  expect(first(1, false)).toEqual(['eau', 'été', 'zoo'])
  expect(numericColumns(table)).toEqual([0])
})
