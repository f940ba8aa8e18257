import { formatLocale } from './locale'

/** A table in memory: the names of its columns, and its rows as text. */
export interface Table {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  /** What stands before the fraction of its numbers, where its format says so. */
  mark?: Mark
}

/** What stands before the fraction of a number. */
type Mark = '.' | ','

/** More rows than this are not shown at once. */
export const MOST_ROWS = 2000

/** More columns than this are read as text: objects that share no name would fill the page with empty cells. */
const MOST_COLUMNS = 200

/** The table of these; null where they are none: with a value that has no name, or too wide. */
function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): Table | null {
  const unnamed = rows.some((row) => row.slice(columns.length).some((value) => value !== ''))
  if (rows.length === 0 || columns.length > MOST_COLUMNS || unnamed) return null
  return { columns, rows: rows.map((row) => columns.map((_, i) => row[i] ?? '')) }
}

/** Values that are separated by commas, semicolons or tabs (RFC 4180); null where that is no table. */
export function tableOfCsv(text: string): Table | null {
  const [first = ''] = text.split('\n', 1)
  const count = (mark: string) => first.split(mark).length
  const separator = ['\t', ';', ','].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
  const [columns, ...rows] = records(text, separator)
  return columns && columns.length >= 2 ? tableOf(columns, rows) : null
}

function records(text: string, separator: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let value = ''
  let quoted = false
  const endValue = () => {
    record.push(quoted ? value : value.trim())
    value = ''
    quoted = false
  }
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string
    if (sign === '"' && value.trim() === '' && !quoted) {
      value = ''
      quoted = true
      for (at += 1; at < text.length; at += 1) {
        if (text[at] !== '"') value += text[at]
        else if (text[at + 1] === '"') {
          value += '"'
          at += 1
        } else break
      }
    } else if (sign === separator) endValue()
    else if (sign === '\n') {
      endValue()
      if (record.some((one) => one !== '')) records.push(record)
      record = []
    } else if (sign !== '\r' && !(quoted && sign.trim() === '')) value += sign
  }
  if (value !== '' || quoted || record.length > 0) {
    endValue()
    if (record.some((one) => one !== '')) records.push(record)
  }
  return records
}

/** An array of JSON: of objects, whose names become the columns, or of arrays, the first of which names them. */
export function tableOfJson(text: string): Table | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!Array.isArray(value) || value.length === 0) return null
  const items: readonly unknown[] = value
  if (items.every((item) => Array.isArray(item))) {
    const [columns = [], ...rows] = items.map((item) => item.map(cell))
    return columns.length < 2 ? null : ofJson(tableOf(columns, rows))
  }
  if (!items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))) return null
  const objects = items as readonly Record<string, unknown>[]
  const columns = [...new Set(objects.flatMap((one) => Object.keys(one)))]
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return null
  return ofJson({ columns, rows: objects.map((one) => columns.map((name) => cell(one[name]))) })
}

/** JSON writes its numbers in one way only. */
const ofJson = (table: Table | null): Table | null => table && { ...table, mark: '.' }

function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A table that stands on the page, its parts put together; null where it has no head. */
export function tableOfElements(elements: readonly Element[]): Table | null {
  const texts = (row: Element) => [...row.children].map((one) => one.textContent.trim())
  const lines = elements.flatMap((element) => [...element.querySelectorAll('tr')])
  const [head, ...body] = lines
  if (!head || body.length === 0) return null
  const columns = texts(head)
  return { columns, rows: body.map((row) => columns.map((_, i) => texts(row)[i] ?? '')) }
}

/** Without what is written around a number, and between its digits in no language's own way. */
function bareOf(text: string): string | null {
  const bare = text.replace(/[\s\u00a0\u202f'’]|[%€$£¥]|(?:EUR|USD|GBP|CHF|k€|M€)/gu, '').replace(/^[−–]/u, '-')
  return /^[+-]?[\d.,]*\d[\d.,]*(?:e[+-]?\d+)?$/iu.test(bare) ? bare : null
}

/** The mark before the fraction as far as one number tells: 1.5 and 1.250,5 do, 1.250 does not. */
function markOf(bare: string): Mark | null {
  const [comma, point] = [bare.lastIndexOf(','), bare.lastIndexOf('.')]
  if (comma < 0 && point < 0) return null
  // Of both, the last one is the one before the fraction.
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.'
  const [own, other]: [Mark, Mark] = comma >= 0 ? [',', '.'] : ['.', ',']
  const parts = bare.replace(/^[+-]/u, '').split(own)
  if (parts.length > 2) return other
  const grouped = /^[1-9]\d{0,2}$/u.test(parts[0] ?? '') && /^\d{3}$/u.test(parts[1] ?? '')
  return grouped ? null : own
}

/**
 * The mark before the fraction in a column: as any of its numbers tells, or else as the language writes them. Where that
 * is not known, three digits behind a comma are thousands, as models and most programs write them.
 */
export function fractionMark({ rows, mark }: Table, column: number, locale: string | null): Mark {
  if (mark) return mark
  const told = rows.flatMap((row) => markOf(bareOf(row[column] ?? '') ?? '') ?? [])[0]
  if (told) return told
  if (locale === null && rows.some((row) => row[column]?.includes(','))) return '.'
  const parts = new Intl.NumberFormat(locale ?? formatLocale(), { numberingSystem: 'latn' }).formatToParts(1.5)
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.'
}

/** The number that a text is, as people write it (1,250 · 1 250,5 € · 12 % · −3); null if it is none. */
export function numberOf(text: string, mark: Mark): number | null {
  const bare = bareOf(text)
  if (bare === null) return null
  // What tells by itself how it is written stands so in any column.
  const own = markOf(bare) ?? mark
  const plain = own === ',' ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '')
  const number = Number(plain)
  return Number.isFinite(number) ? number : null
}

/** The columns that hold numbers, wherever they hold anything. */
export function numericColumns({ columns, rows }: Table): number[] {
  return columns.flatMap((_, i) => {
    const values = rows.map((row) => row[i] ?? '').filter((text) => text !== '' && text !== '-' && text !== '–')
    return values.length > 0 && values.every((text) => numberOf(text, '.') !== null) ? [i] : []
  })
}

/** The rows in the order of a column: numbers by their size, texts as the language orders them; what is empty is last. */
export function sorted(table: Table, column: number, descending: boolean, locale: string | null): (readonly string[])[] {
  const { compare } = new Intl.Collator(locale ?? formatLocale(), { numeric: true })
  const sign = descending ? -1 : 1
  const value = (row: readonly string[]) => row[column] ?? ''
  const mark = fractionMark(table, column, locale)
  return [...table.rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === '' || right === '') return left === right ? 0 : left === '' ? 1 : -1
    const [x, y] = [numberOf(left, mark), numberOf(right, mark)]
    return sign * (x !== null && y !== null ? x - y : compare(left, right))
  })
}
