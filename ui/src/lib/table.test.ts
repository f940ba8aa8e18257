import { expect, test } from 'vitest'
import { speak } from './spoken.svelte'
import { fractionMark, numberOf, numericColumns, sorted, tableOfCsv, tableOfJson } from './table'

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
  expect(tableOfJson('[{"a":1,"b":"x"},{"b":null,"c":[1]}]')).toEqual({ columns: ['a', 'b', 'c'], rows: [['1', 'x', ''], ['', '', '[1]']], mark: '.' })
  expect(tableOfJson('[["a","b"],[1,2]]')).toEqual({ columns: ['a', 'b'], rows: [['1', '2']], mark: '.' })
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
  for (const [text, number] of written) expect(numberOf(text, '.'), text).toBe(number)
})

test('what 1.250 is, the column tells, or else the language', async () => {
  const first = (values: string[], locale: string | null) =>
    numberOf(values[0] ?? '', fractionMark({ columns: ['n'], rows: values.map((value) => [value]) }, 0, locale))
  expect(first(['1.250', '3.400'], 'de')).toBe(1250)
  expect(first(['1.250', '3.400'], 'en')).toBe(1.25)
  expect(first(['1.250', '0.5'], 'de')).toBe(1.25)
  expect(first(['1.250', '12,5'], 'en')).toBe(1250)
  expect(first(['1,250'], 'fr')).toBe(1.25)
  expect(first(['1.250', 'n/a', ''], 'ar')).toBe(1.25)
  // In a French window, too: of what language the text is could not be told.
  await speak('fr')
  expect([first(['1,250', '340'], null), first(['1,25', '340'], null), first(['1.250'], null)]).toEqual([1250, 1.25, 1250])
  await speak('en')
  const json = tableOfJson('[{"n":1.125},{"n":20}]')
  expect(json && sorted(json, 0, true, 'de').flat()).toEqual(['20', '1.125'])
  const table = { columns: ['n'], rows: [['1.250'], ['900'], ['20']] }
  expect(sorted(table, 0, false, 'de').flat()).toEqual(['20', '900', '1.250'])
  expect(sorted(table, 0, false, 'en').flat()).toEqual(['1.250', '20', '900'])
})

test('rows are sorted by number or by word, the empty ones last', () => {
  const table = { columns: ['n', 'w'], rows: [['10', 'été'], ['9', 'zoo'], ['', 'eau']] }
  const first = (column: number, down: boolean) => sorted(table, column, down, 'fr').map((row) => row[column])
  expect(first(0, false)).toEqual(['9', '10', ''])
  expect(first(0, true)).toEqual(['10', '9', ''])
  expect(first(1, false)).toEqual(['eau', 'été', 'zoo'])
  expect(numericColumns(table)).toEqual([0])
})
