import type { Block } from './backend/backend'
import { textOf } from './plain-text'
import type { Place } from './state/find.svelte'

/** What is said at once: a sentence, an item, a row. */
export interface Piece {
  text: string
  /** Its language, where its words are the page's own; null leaves it to the text. */
  language: string | null
  /** Where it stands in the message; null for what is not there word for word. */
  place: Place | null
}

/** The most characters that are said at once. */
const LONGEST = 1000
const FENCE = /^\s*<pre[^>]* data-part="(\w+)"/u
const TAG = /<(\/?)([a-z][a-z\d]*)([^>]*)>/iu
/** Elements that a sentence does not go beyond. */
const APART = new Set(['p', 'li', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'tr', 'thead', 'tbody', 'table', 'dl', 'dt', 'dd', 'blockquote', 'br', 'hr', 'div', 'section', 'pre'])

/** A text to be said, and for each of its characters where that stands in the block. */
interface Run {
  text: string
  at: number[]
}

/**
 * A message as it is said: sentence by sentence, lists by items, tables by rows, links by their text, and of code how
 * many lines it has, which `code` words. Numbers of footnotes are passed over.
 */
export function pieces(blocks: readonly Block[], locale: string, code: (lines: number) => string): Piece[] {
  const segments = new Intl.Segmenter(locale, { granularity: 'sentence' })
  const said: Piece[] = []
  let lines = 0
  for (const [block, { html }] of blocks.entries()) {
    const part = FENCE.exec(html)?.[1]
    if (part) {
      if (part === 'first' || part === 'only') lines = 0
      lines += textOf(html).trim().split('\n').length
      const next = FENCE.exec(blocks[block + 1]?.html ?? '')?.[1]
      // One that was cut off has no last part.
      if (next !== 'middle' && next !== 'last') said.push({ text: code(lines), language: locale, place: null })
      continue
    }
    for (const run of runsOf(html)) {
      for (const { text, start, end } of sentences(run.text, segments)) {
        const [first, last] = [run.at[start], run.at[end - 1]]
        const place = first === undefined || last === undefined ? null : { block, start: first, end: last + 1 }
        said.push({ text, language: null, place })
      }
    }
  }
  return said
}

/** A text that stands in no message, as it is said. */
export function textPieces(text: string, locale: string): Piece[] {
  const segments = new Intl.Segmenter(locale, { granularity: 'sentence' })
  return text.split('\n').flatMap((line) => sentences(line, segments).map((one) => ({ text: one.text, language: null, place: null })))
}

/** Its sentences, without the spaces around them; what is too long is cut between words. */
function sentences(text: string, segments: Intl.Segmenter): { text: string; start: number; end: number }[] {
  const found = []
  for (const { segment, index } of segments.segment(text)) {
    for (let start = 0; start < segment.length; ) {
      const end = start + lengthOfFirst(segment.slice(start))
      const words = segment.slice(start, end)
      const before = words.length - words.trimStart().length
      const trimmed = words.trim()
      // Of dashes and dots alone nothing is said.
      if (/[\p{L}\p{N}]/u.test(trimmed)) {
        const from = index + start + before
        found.push({ text: trimmed, start: from, end: from + trimmed.length })
      }
      start = end
    }
  }
  return found
}

/** How much of a text is said at once. */
function lengthOfFirst(text: string): number {
  if (text.length <= LONGEST) return text.length
  const space = text.slice(0, LONGEST).search(/\s\S*$/u)
  if (space > 0) return space + 1
  // No word is so long; what has no spaces is cut between characters.
  return (text.codePointAt(LONGEST - 1) ?? 0) > 0xffff ? LONGEST - 1 : LONGEST
}

/** The texts of a block that stand apart from each other. */
function runsOf(html: string): Run[] {
  const runs: Run[] = [{ text: '', at: [] }]
  let at = 0
  let silent = false
  let math = false
  const add = (text: string, from: number, step: number) => {
    const run = runs.at(-1) as Run
    run.text += text
    for (let i = 0; i < text.length; i += 1) run.at.push(from + i * step)
  }
  for (const part of html.match(/<[^>]*>|[^<]+/gu) ?? []) {
    const [, closing, tag = '', attributes = ''] = TAG.exec(part) ?? []
    const name = tag.toLowerCase()
    if (!part.startsWith('<')) {
      const text = textOf(part)
      // A line break in the source is none in the text.
      if (!silent) add(text.replace(/\n/gu, ' '), at, 1)
      // Signs of a formula are said one by one.
      if (math) add(' ', at + text.length - 1, 0)
      at += text.length
    } else if (APART.has(name)) {
      if (runs.at(-1)?.text) runs.push({ text: '', at: [] })
    } else if (name === 'sup') silent = !closing && attributes.includes('footnote-reference')
    else if (name === 'math') math = !closing
    else if ((name === 'td' || name === 'th') && closing) add(', ', Math.max(0, at - 1), 0)
  }
  return runs.map(({ text, at: places }) => {
    const length = text.replace(/(?:, )+$/u, '').length
    return { text: text.slice(0, length), at: places.slice(0, length) }
  })
}
