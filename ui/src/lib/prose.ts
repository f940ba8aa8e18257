import type { Block } from './backend/backend'
import { textOf } from './plain-text'

/** How much of a text tells its language: so many characters of its beginning, and of its end. */
const SAMPLE = 600
/** What is in no spoken language. */
const UNSPOKEN = /<(code|math|svg)[\s>][\s\S]*?<\/\1>/gu

/** What blocks say, without code and formulas: enough of it to tell the language. Its end is not known until it is `whole`. */
export function prose(blocks: readonly Block[], whole: boolean): string {
  let begin = ''
  let at = 0
  for (; at < blocks.length && begin.length < SAMPLE; at += 1) begin += words(blocks[at] as Block)
  if (!whole) return begin.slice(0, SAMPLE).trim()
  let end = ''
  for (let last = blocks.length; last > at && end.length < SAMPLE; last -= 1) end = words(blocks[last - 1] as Block) + end
  return sample(begin + end)
}

/** The beginning and the end of a text. */
export function sample(text: string): string {
  const both = text.length > 2 * SAMPLE ? `${text.slice(0, SAMPLE)}\n${text.slice(-SAMPLE)}` : text
  // A character that is cut in two is none.
  return both.replace(/\p{Surrogate}/gu, '').trim()
}

function words({ html }: Block): string {
  return `${textOf(html.replace(UNSPOKEN, ' ').replace(/<[^>]*>/gu, ' '))}\n`.replace(/\s+/gu, ' ')
}
