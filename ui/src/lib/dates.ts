import { dateFormat } from './formats'
import { m } from './paraglide/messages'

const DAY = 86_400_000

export interface DateGroup<T> {
  label: string
  items: T[]
}

/** Items in groups by their last change, in the order given: today, yesterday, …, then by month. */
export function groupByDate<T extends { updated: number | null }>(
  items: readonly T[],
  now: Date,
  locale: string,
): DateGroup<T>[] {
  const groups: DateGroup<T>[] = []
  const today = startOfDay(now)
  let month = ''
  let monthLabel = ''
  for (const item of items) {
    const date = new Date(item.updated ?? 0)
    let label = recent(date, today)
    if (label === null) {
      // Most of a long list is old: a month is worded once.
      const own = `${date.getFullYear()}-${date.getMonth()}`
      if (own !== month) monthLabel = wordedMonth(date, locale)
      month = own
      label = monthLabel
    }
    const last = groups.at(-1)
    if (last?.label === label) last.items.push(item)
    else groups.push({ label, items: [item] })
  }
  return groups
}

function recent(date: Date, today: number): string | null {
  // Days by the calendar; rounding takes care of the two days a year without 24 hours.
  const days = Math.round((today - startOfDay(date)) / DAY)
  if (days <= 0) return m.group_today()
  if (days === 1) return m.group_yesterday()
  if (days <= 7) return m.group_week()
  return days <= 30 ? m.group_month() : null
}

function wordedMonth(date: Date, locale: string): string {
  const label = dateFormat(locale, { month: 'long', year: 'numeric' }).format(date)
  return label.charAt(0).toLocaleUpperCase(locale) + label.slice(1)
}

/** A month such as `2026-11`, in words. */
export function monthText(month: string, locale: string): string {
  const [year, number] = month.split('-').map(Number)
  return wordedMonth(new Date(year ?? 0, (number ?? 1) - 1), locale)
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
