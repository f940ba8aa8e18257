import { getLocale, isLocale, overwriteGetLocale } from './paraglide/runtime'

const SYSTEM = getLocale()

/** Speaks the language that is chosen, or the system's. A choice that changes changes the page at once. */
export function speak(chosen: () => string | null): void {
  overwriteGetLocale(() => {
    const language = chosen()
    return isLocale(language) ? language : SYSTEM
  })
}

/** The locale for dates and numbers: the person's region where it speaks the page's language. */
export function formatLocale(): string {
  const language = getLocale()
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language
}
