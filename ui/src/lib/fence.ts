import type { Block } from './backend/backend'
import { textOf } from './plain-text'
import { type Table, tableOfCsv, tableOfJson } from './table'

/** A longer fence is folded. */
export const FOLDED_LINES = 40

/** A fence that is more than a text to read: a diagram that can be drawn, or a table. */
export type Special = { kind: 'diagram'; source: string } | { kind: 'table'; table: Table; code: boolean }

const DIAGRAMS = new Set(['mermaid', 'dot', 'graphviz', 'gv'])

/** The code of a fence by its blocks. */
export function codeOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(({ html }) => textOf(html)).join('')
}

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

/** What a fence is besides code; null if nothing. */
export function specialOf(language: string, blocks: readonly Block[]): Special | null {
  const name = language.toLowerCase()
  if (DIAGRAMS.has(name)) return { kind: 'diagram', source: codeOfBlocks(blocks) }
  if (name === 'csv' || name === 'tsv') {
    const table = tableOfCsv(codeOfBlocks(blocks))
    return table && { kind: 'table', table, code: false }
  }
  if (name === 'json') {
    const table = tableOfJson(codeOfBlocks(blocks))
    return table && { kind: 'table', table, code: true }
  }
  return null
}
