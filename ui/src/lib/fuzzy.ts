import { fold, type Span, unfolded } from './fold'
import type { Piece } from './snippet'

/** How well a text fits what is typed, and in which places. */
export interface Fit {
  score: number
  spans: readonly Span[]
}

/**
 * Looks for every word of the query in the text: as the beginning of a word, then anywhere, then as letters in this
 * order, as in “nc” for “New conversation”. Null where one is not found.
 */
export function fit(query: string, text: string): Fit | null {
  const words = fold(query).text.split(' ').filter(Boolean)
  const folded = fold(text)
  const spans: Span[] = []
  // Of two that fit alike, the shorter one says less that was not asked for.
  let score = -folded.text.length / 1000
  for (const word of words) {
    const found = whole(word, folded.text) ?? letters(word, folded.text)
    if (!found) return null
    score += found.score
    spans.push(...found.spans.map((span) => unfolded(folded, span)))
  }
  return { score, spans }
}

function whole(word: string, text: string): Fit | null {
  const first = text.indexOf(word)
  if (first < 0) return null
  let at = first
  while (at >= 0 && !begins(text, at)) at = text.indexOf(word, at + 1)
  const start = at < 0 ? first : at
  return { score: at < 0 ? 2 : start === 0 ? 4 : 3, spans: [{ start, end: start + word.length }] }
}

/** Each letter begins a word, or follows the letter before it. */
function letters(word: string, text: string): Fit | null {
  const spans: Span[] = []
  let from = 0
  for (const letter of word) {
    let at = text.indexOf(letter, from)
    while (at >= 0 && !begins(text, at) && !(at === from && spans.length > 0)) at = text.indexOf(letter, at + 1)
    if (at < 0) return null
    from = at + letter.length
    spans.push({ start: at, end: from })
  }
  return { score: 1, spans }
}

function begins(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))
}

/** The text in pieces, those in the spans matched. */
export function piecesOf(text: string, spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start < from) continue
    if (start > from) pieces.push({ text: text.slice(from, start), matched: false })
    pieces.push({ text: text.slice(start, end), matched: true })
    from = end
  }
  if (from < text.length) pieces.push({ text: text.slice(from), matched: false })
  return pieces
}
