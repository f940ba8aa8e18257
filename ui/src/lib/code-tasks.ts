import { Bug, FlaskConical, ListPlus, MessageCircleQuestion, ScanSearch, Shuffle, WandSparkles } from '@lucide/svelte'
import { m } from './paraglide/messages'

/** What is to be filled in, as in a prompt. */
const variable = (name: string) => `{{${name}}}`

/** What can be asked of code, in the order in which it is offered. */
export const CODE_TASKS = [
  { id: 'explain', title: m.code_explain, icon: MessageCircleQuestion, ask: m.code_explain_ask },
  { id: 'correct', title: m.code_correct, icon: Bug, ask: m.code_correct_ask },
  { id: 'improve', title: m.code_improve, icon: WandSparkles, ask: m.code_improve_ask },
  { id: 'extend', title: m.code_extend, icon: ListPlus, ask: () => m.code_extend_ask({ what: variable(m.code_what()) }) },
  { id: 'tests', title: m.code_tests, icon: FlaskConical, ask: m.code_tests_ask },
  { id: 'convert', title: m.code_convert, icon: Shuffle, ask: () => m.code_convert_ask({ language: variable(m.code_language()) }) },
  { id: 'review', title: m.code_review, icon: ScanSearch, ask: m.code_review_ask },
]

/** A question about this code, which stands in it: in a fence that it cannot close. */
export function aboutCode(code: string, language: string, ask: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/gu)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code.replace(/\n$/u, '')}\n${fence}\n\n${ask}`
}

/** Files of text that are no code. */
const PROSE = /\.(txt|md|markdown|csv|tsv|log|srt|vtt|eml|html?)$/iu

/** Whether a file of text is one of code, by its name. */
export function isCode(name: string): boolean {
  return !PROSE.test(name)
}
