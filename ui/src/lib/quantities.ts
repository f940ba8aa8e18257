import { numberFormat } from './formats'
import { formatLocale } from './locale'

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size in the largest unit that leaves a whole number, by thousands, as file managers show it. */
export function sizeText(bytes: number, locale = formatLocale()): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < SIZES.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  // No language has a short form of bytes that takes its plural.
  return formatted(value, SIZES[unit] ?? 'byte', digits, locale, unit === 0 ? 'long' : 'short')
}

/** A time to read at a glance: milliseconds, then seconds, then minutes. */
export function durationText(milliseconds: number, locale = formatLocale()): string {
  if (milliseconds < 1000) return formatted(milliseconds, 'millisecond', 0, locale)
  const seconds = milliseconds / 1000
  if (seconds < 60) return formatted(seconds, 'second', seconds < 10 ? 1 : 0, locale)
  return `${formatted(Math.floor(seconds / 60), 'minute', 0, locale)} ${formatted(Math.floor(seconds % 60), 'second', 0, locale)}`
}

/** A time to wait, in words. */
export function waitText(seconds: number, locale: string): string {
  const [value, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return formatted(value, unit, 0, locale, 'long')
}

function formatted(
  value: number,
  unit: string,
  maximumFractionDigits: number,
  locale: string,
  unitDisplay: 'short' | 'long' = 'short',
): string {
  return numberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits }).format(value)
}
