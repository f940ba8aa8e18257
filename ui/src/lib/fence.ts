import type { Block } from './backend/backend'

/** A longer fence is folded. */
export const FOLDED_LINES = 40

const DIAGRAMS = new Set(['mermaid', 'dot', 'graphviz', 'gv'])
const TABLES = new Set(['csv', 'tsv', 'json'])

/** Whether fences of a language are drawn as diagrams. */
export const isDiagram = (language: string) => DIAGRAMS.has(language.toLowerCase())

/** Whether a fence of this language can be more than a text to read. */
export const isSpecial = (language: string) => isDiagram(language) || TABLES.has(language.toLowerCase())

/** What is known of a block, which never changes. */
const counted = new WeakMap<Block, number>()

/** How many lines a fence has. Each block is counted once, however often more come. */
export function lineCount(blocks: readonly Block[]): number {
  let count = 0
  for (const block of blocks) {
    const lines = counted.get(block) ?? block.html.split('\n').length - 1
    counted.set(block, lines)
    count += lines
  }
  const ended = /\n<\/code>/u.test(blocks.at(-1)?.html.slice(-40) ?? '')
  return ended ? count : count + 1
}
