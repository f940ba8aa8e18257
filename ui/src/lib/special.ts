import type { Block } from './backend/backend'
import { isDiagram } from './fence'
import { textOf } from './plain-text'
import { type Table, tableOfCsv, tableOfJson } from './table'

/** A fence that is more than a text to read: a diagram that can be drawn, or a table. */
export type Special = { kind: 'diagram'; source: string } | { kind: 'table'; table: Table; code: boolean }

/** The code of a fence by its blocks. */
export function codeOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(({ html }) => textOf(html)).join('')
}

/** What a fence is besides code; null if nothing. */
export function specialOf(language: string, blocks: readonly Block[]): Special | null {
  const name = language.toLowerCase()
  if (isDiagram(name)) return { kind: 'diagram', source: codeOfBlocks(blocks) }
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
