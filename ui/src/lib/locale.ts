import { getLocale, getRegion } from './spoken.svelte'

/** The locale for dates and numbers: the person's region where it speaks the page's language. */
export function formatLocale(): string {
  const language = getLocale()
  return [getRegion(), ...navigator.languages].find((tag) => tag?.split('-')[0] === language) ?? language
}

/** The locale of what is written in a language: of the person's own, as the person writes it. */
export function localeOf(language: string): string {
  const own = formatLocale()
  return own.split('-')[0] === language ? own : language
}
