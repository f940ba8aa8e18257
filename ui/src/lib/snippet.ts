const START = String.fromCharCode(2)
const END = String.fromCharCode(3)
const MARKS = new RegExp(`([${START}${END}])`, 'u')

export interface Piece {
  text: string
  matched: boolean
}

/** The words that matched, each once. */
export function matchedWords(snippet: string): string[] {
  return [...new Set(pieces(snippet).flatMap(({ text, matched }) => (matched ? [text] : [])))]
}

/** A search snippet in pieces; what matched stands between U+0002 and U+0003. */
export function pieces(snippet: string): Piece[] {
  const result: Piece[] = []
  let matched = false
  for (const part of snippet.split(MARKS)) {
    if (part === START) matched = true
    else if (part === END) matched = false
    else if (part !== '') result.push({ text: part, matched })
  }
  return result
}
