import { type Table, fractionMark, numberOf, numericColumns } from './table'

/** More values than this are not drawn: bars would be thinner than their gaps. */
export const MOST_VALUES = 60

/** A row of numbers under a name; null where there is none. */
export interface Series {
  name: string
  values: readonly (number | null)[]
}

/** What a chart shows of a table. */
export interface ChartData {
  labels: readonly string[]
  /** At most four: more colours cannot be told apart. */
  series: readonly Series[]
}

function countsRows({ rows }: Table, column: number): boolean {
  return rows.length > 1 && rows.every((row, i) => numberOf(row[column] ?? '', '.') === i + 1)
}

/** The numbers of a table as its language writes them, null where that is not known, each by the first column that holds none; null where it holds no number. */
export function chartData(table: Table, locale: string | null): ChartData | null {
  const numeric = numericColumns(table)
  const labelled = table.columns.findIndex((_, i) => !numeric.includes(i))
  // Years and numbers of lines name what the other numbers are of.
  const by = labelled >= 0 ? labelled : numeric.length > 1 ? 0 : -1
  const values = numeric.filter((i) => i !== by)
  // What only counts the rows says nothing beside other numbers.
  const told = values.filter((i) => !countsRows(table, i))
  const columns = (told.length > 0 ? told : values).slice(0, 4)
  if (columns.length === 0) return null
  const rows = table.rows.slice(0, MOST_VALUES)
  return {
    labels: rows.map((row, i) => (by < 0 ? String(i + 1) : (row[by] ?? ''))),
    series: columns.map((i) => {
      const mark = fractionMark(table, i, locale)
      return { name: table.columns[i] ?? '', values: rows.map((row) => numberOf(row[i] ?? '', mark)) }
    }),
  }
}

/** Round numbers from below the least to above the greatest value, which always hold zero. */
export function ticks(values: readonly number[]): number[] {
  const least = Math.min(0, ...values)
  const most = Math.max(0, ...values)
  const span = most - least || 1
  const rough = span / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step || 1)]
  return Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)))
}
