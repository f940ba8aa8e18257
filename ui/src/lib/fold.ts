/** What decomposition leaves as it is, and keyboards write otherwise. */
const WRITTEN: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', '’': "'", '‘': "'", '“': '"', '”': '"' }
const SIMPLE = /^[\t\n\r -~]*$/u

/** A text without case and accents, and where each of its characters stands in the original. */
export interface Folded {
  text: string
  /** Null where every character kept its place. */
  places: readonly number[] | null
}

/** A stretch of a text, from its first character to the one after its last. */
export interface Span {
  start: number
  end: number
}

/** Folds so that “theme” finds « thème », and “l'oeuvre” finds « l’œuvre ». */
export function fold(text: string): Folded {
  if (SIMPLE.test(text)) return { text: text.toLowerCase().replace(/\s/gu, ' '), places: null }
  let folded = ''
  let place = 0
  const places: number[] = []
  for (const character of text) {
    const plain = plainOf(character)
    folded += plain
    for (let i = 0; i < plain.length; i += 1) places.push(place)
    place += character.length
  }
  places.push(place)
  return { text: folded, places }
}

/** Where a stretch of the folded text stands in the original. */
export function unfolded({ places }: Folded, { start, end }: Span): Span {
  if (!places) return { start, end }
  const last = places[end - 1]
  // One character may have become several: none is cut.
  let next = end
  while (places[next] === last && next < places.length - 1) next += 1
  return { start: places[start] ?? 0, end: places[next] ?? 0 }
}

/** Every place of the needle, which is folded already; none overlaps another. */
export function occurrences(text: Folded, needle: string): Span[] {
  const spans: Span[] = []
  if (needle === '') return spans
  for (let at = text.text.indexOf(needle); at >= 0; at = text.text.indexOf(needle, at + needle.length)) {
    spans.push(unfolded(text, { start: at, end: at + needle.length }))
  }
  return spans
}

/** Two characters of one word, in scripts that part their words. */
const JOINED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}\p{N}]{2}$/u

/** Whether a stretch of a text is cut out of no word. */
export function isWhole(text: string, { start, end }: Span): boolean {
  return !JOINED.test(text.slice(start - 1, start + 1)) && !JOINED.test(text.slice(end - 1, end + 1))
}

function plainOf(character: string): string {
  if (SIMPLE.test(character)) return character.toLowerCase().replace(/\s/u, ' ')
  const lower = character.toLowerCase()
  return WRITTEN[lower] ?? lower.normalize('NFKD').replace(/\p{M}/gu, '')
}
