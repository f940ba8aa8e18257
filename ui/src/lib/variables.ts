/** What is to be filled in, in the text of a prompt. */
const VARIABLE = /\{\{[^{}\n]{1,80}\}\}/gu

/** The places of the variables of a text, each from its first bracket to behind its last. */
export function variables(text: string): { start: number; end: number }[] {
  return [...text.matchAll(VARIABLE)].map(({ index, 0: whole }) => ({ start: index, end: index + whole.length }))
}

/** The variable to go to from a place: the next one, or the one before. There is none behind the last, so that Tab leaves the text. */
export function nextVariable(text: string, from: number, back: boolean): { start: number; end: number } | null {
  const all = variables(text)
  if (back) return all.findLast(({ end }) => end <= from) ?? null
  return all.find(({ start }) => start >= from) ?? null
}
