import { m } from './paraglide/messages'

/** Something that a query can hold beside words; it is written the same in every language. */
export interface SearchFilter {
  /** How it is written, what is to be filled in left open. */
  example: string
  /** What it finds. */
  text: () => string
  /** What is written, before and after the cursor. */
  parts: readonly [string, string]
}

const filter = (example: string, text: () => string, before: string, after = ''): SearchFilter => ({ example, text, parts: [before, after] })

export const SEARCH_FILTERS: readonly SearchFilter[] = [
  filter('"…"', m.filter_together, '"', '"'),
  filter('-…', m.filter_without, '-'),
  filter('… OR …', m.filter_either, 'OR '),
  filter('from:me', m.filter_mine, 'from:me '),
  filter('model:…', m.filter_model, 'model:'),
  filter('in:"…"', m.filter_title, 'in:"', '"'),
  filter('folder:"…"', m.filter_folder, 'folder:"', '"'),
  filter('tag:"…"', m.filter_tag, 'tag:"', '"'),
  filter('is:archived', m.filter_archived, 'is:archived '),
  filter('before:2026-06', m.filter_before, 'before:'),
  filter('after:2026', m.filter_after, 'after:'),
  filter('has:code', m.filter_code, 'has:code '),
  filter('has:file', m.filter_file, 'has:file '),
]

/** The query with the filter at its end, and where the cursor is to stand in it. */
export function withFilter(query: string, { parts: [before, after] }: SearchFilter): { query: string; cursor: number } {
  const begun = `${query.trimEnd()} ${before}`.trimStart()
  return { query: begun + after, cursor: begun.length }
}
