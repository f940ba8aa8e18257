import type { StagedFile, SummaryChoices, SummaryForm, SummaryLength } from './backend/backend'
import { m } from './paraglide/messages'
import { LANGUAGES } from './settings'
import { getLocale } from './spoken.svelte'

/** What is chosen once for all summaries. What one is about is told of its documents alone, and is kept nowhere. */
export type SummaryHabits = Omit<SummaryChoices, 'focus'>

export const LENGTHS: Record<SummaryLength, () => string> = { short: m.summary_short, medium: m.summary_medium, long: m.summary_long }

export const FORMS: Record<SummaryForm, () => string> = {
  bullets: m.summary_bullets,
  paragraph: m.summary_paragraph,
  table: m.summary_table,
  decision_note: m.summary_decision_note,
  note_de_synthese: m.summary_note_de_synthese,
  comparison: m.summary_comparison,
}

const KEY = 'summary'

/** The languages of a summary, that of the page first; null stands for the document's own. */
export function summaryLanguages(): (string | null)[] {
  const own = getLocale()
  return [own, null, ...Object.keys(LANGUAGES).filter((tag) => tag !== own)]
}

/** The name of a language, in the page's; as the first word of a line where it is `alone`. */
export function languageName(tag: string, alone = false): string {
  const name = new Intl.DisplayNames([getLocale()], { type: 'language' }).of(tag) ?? tag
  return alone ? name.charAt(0).toLocaleUpperCase(getLocale()) + name.slice(1) : name
}

/** Whether a summary can be made of a file: it has text, and is open. */
export function summarisable({ media_type, locked }: Pick<StagedFile, 'media_type' | 'locked'>): boolean {
  return !locked && !media_type.startsWith('image/')
}

/** What was chosen the last time, as far as it is known. */
export function summaryHabits(): SummaryHabits {
  const usual: SummaryHabits = { length: 'medium', form: 'bullets', language: getLocale() }
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    if (typeof kept !== 'object' || kept === null) return usual
    const { length, form, language } = { ...usual, ...kept }
    return {
      length: Object.hasOwn(LENGTHS, length) ? length : usual.length,
      form: Object.hasOwn(FORMS, form) ? form : usual.form,
      language: summaryLanguages().includes(language) ? language : usual.language,
    }
  } catch {
    return usual
  }
}

/** Keeps what was chosen for the next time; where nothing can be kept, it is asked for again. */
export function keepHabits({ length, form, language }: SummaryHabits): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ length, form, language }))
  } catch {
    // It is a habit only.
  }
}

/** The choices as they can be meant: a comparison takes two. */
export function summaryChoices(habits: SummaryHabits, files: number, focus: string): SummaryChoices {
  const form = habits.form === 'comparison' && files < 2 ? 'bullets' : habits.form
  return { ...habits, form, focus: focus.trim() }
}

/** What is asked for, as a question that a person could have written. */
export function summaryQuestion(files: readonly string[], { length, form, language, focus }: SummaryChoices): string {
  const locale = getLocale()
  const names = new Intl.ListFormat(locale).format(files.map((name) => m.summary_name({ name })))
  const tongue = language === null ? m.summary_in_own() : m.summary_in({ language: languageName(language) })
  const how = [lowered(LENGTHS[length]()), lowered(FORMS[form]()), tongue].join(', ')
  return focus === '' ? m.summary_question({ names, how }) : m.summary_question_focus({ names, how, focus })
}

function lowered(text: string): string {
  return text.charAt(0).toLocaleLowerCase(getLocale()) + text.slice(1)
}
