import type { Problem, TranslatedText } from './backend/backend'
import { m } from './paraglide/messages'
import { getLocale } from './spoken.svelte'
import { languageName } from './summary'

/** Languages that can be chosen, those of the European institutions and the most spoken ones. */
const LANGUAGES = [
  'ar', 'bg', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'eu', 'fa', 'fi', 'fr', 'ga', 'he', 'hi', 'hr', 'hu', 'id', 'it',
  'ja', 'ko', 'lt', 'lv', 'mt', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'th', 'tr', 'uk', 'vi', 'zh',
]
const KEY = 'translation'

/** Languages that can be chosen, each with its name, in the order of their names. */
export function translationLanguages(): { tag: string; name: string }[] {
  const named = LANGUAGES.map((tag) => ({ tag, name: languageName(tag, true) }))
  return named.sort((a, b) => a.name.localeCompare(b.name, getLocale()))
}

/** The language that was translated into the last time; else English, or French where the page is English. */
export function usualTarget(): string {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept !== null && LANGUAGES.includes(kept)) return kept
  } catch {
    // Where nothing is kept there is only what is usual.
  }
  return getLocale() === 'en' ? 'fr' : 'en'
}

/** Keeps the language for the next time; where nothing can be kept, it is chosen again. */
export function keepTarget(tag: string): void {
  try {
    localStorage.setItem(KEY, tag)
  } catch {
    // It is a habit, and nothing is lost with it.
  }
}

const PROBLEMS: Record<Problem, () => string> = {
  missing: m.translate_missing,
  marks: m.translate_marks,
  numbers: m.translate_numbers,
}

/** What is to be looked at in a translation, in words. */
export function issuesOf({ problems, missed }: TranslatedText): string[] {
  return [...problems.map((problem) => PROBLEMS[problem]()), ...missed.map((term) => m.translate_missed(term))]
}
