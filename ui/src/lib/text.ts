import { numberFormat } from './formats'
import { formatLocale } from './locale'
import { getLocale, textAt } from './spoken.svelte'

const rules = new Map<string, Intl.PluralRules>()

/** A text of the language that is spoken, with what is filled into its places; numbers as the person's region writes them. */
export function text(at: number, values?: Readonly<Record<string, string | number>>): string {
  const found = textAt(at)
  const form = typeof found === 'string' ? found : (found[category(Number(values?.count))] ?? found.other ?? '')
  return values ? form.replace(/\{(\w+)\}/gu, (place, name: string) => shown(values[name] ?? place)) : form
}

function category(count: number): Intl.LDMLPluralRule {
  const locale = getLocale()
  const rule = rules.get(locale) ?? new Intl.PluralRules(locale)
  rules.set(locale, rule)
  return rule.select(count)
}

const shown = (value: string | number) => (typeof value === 'number' ? numberFormat(formatLocale()).format(value) : value)
