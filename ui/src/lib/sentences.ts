import type { Block } from './backend/backend'
import { plainText } from './plain-text'

const FENCE = /^<pre[^>]* data-part="(\w+)"/u

/**
 * The sentences of an answer that grows, each given once and when it is whole: a voice that read every word as it came
 * would be cut off by the next one. Of code only its name is said.
 */
export class Sentences {
  #segments: Intl.Segmenter
  #code: string
  /** The block that is being said, and how much of its text was. */
  #block = 0
  #said = 0

  constructor(locale: string, code: string) {
    this.#segments = new Intl.Segmenter(locale, { granularity: 'sentence' })
    this.#code = code
  }

  /** What is whole by now and was not given before; all of it once the answer has `ended`. */
  next(blocks: readonly Block[], ended: boolean): string[] {
    const whole: string[] = []
    for (; this.#block < blocks.length; this.#block += 1, this.#said = 0) {
      const block = blocks[this.#block] as Block
      const closed = ended || this.#block < blocks.length - 1
      const part = FENCE.exec(block.html)?.[1]
      if (part) {
        if (!closed) break
        if (part === 'first' || part === 'only') whole.push(this.#code)
        continue
      }
      const sentences = [...this.#segments.segment(plainText([block]).slice(this.#said))]
      // The last one may go on.
      for (const { segment } of closed ? sentences : sentences.slice(0, -1)) {
        this.#said += segment.length
        if (segment.trim() !== '') whole.push(segment.trim())
      }
      if (!closed) break
    }
    return whole
  }
}
