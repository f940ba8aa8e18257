import { getLocale, getRegion } from './spoken.svelte'

/** The locale for dates and numbers: the person's region where it speaks the page's language. */
export function formatLocale(): string {
  const language = getLocale()
  return [getRegion(), ...navigator.languages].find((tag) => tag?.split('-')[0] === language) ?? language
}

/** The locale of what is written in a language: of the person's own, as the person writes it, and so where none is known. */
export function localeOf(language: string | null): string {
  const own = formatLocale()
  return language === null || own.split('-')[0] === language ? own : language
}
