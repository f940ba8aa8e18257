import type { Block } from './backend/backend'
import { withLabelsInHtml } from './passages'

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }
/** Between the parts of one fence, which are blocks of their own. */
const SEAM = /<\/code><\/pre>\s*<pre[^>]* data-part="(?:middle|last)"[^>]*><code[^>]*>/gu

/** The text of a block's HTML, character for character as it stands on the page. */
export function textOf(html: string): string {
  return html.replace(/<[^>]*>/gu, '').replace(/&(#x?[\da-f]+|\w+);/giu, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole
    const code = /^#x/iu.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** A message as HTML for other programs: its blocks, with the parts of each fence put together again. */
export function richText(blocks: readonly Block[]): string {
  return withLabelsInHtml(blocks.map(({ html }) => html.trim()).join('\n').replace(SEAM, ''))
}

/** A message as plain text: no marks of Markdown, but its lines, bullets and cells. */
export function plainText(blocks: readonly Block[]): string {
  return richText(blocks)
    .split(/(<pre[\s\S]*?<\/pre>)/u)
    .map((part) => (part.startsWith('<pre') ? `${textOf(part).replace(/\n$/u, '')}\n\n` : lines(part)))
    .join('')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()
}

function lines(html: string): string {
  const broken = html
    .replace(/\s*\n\s*/gu, ' ')
    .replace(/<br[^>]*>/gu, '\n')
    .replace(/<li[^>]*>/gu, '- ')
    .replace(/<\/(?:td|th)>\s*(?=<t[dh])/gu, '\t')
    .replace(/<\/(?:li|tr)>/gu, '\n')
    .replace(/<\/(?:p|h[1-6]|ul|ol|table|section)>/gu, '\n\n')
  return textOf(broken).replace(/^ +| +$/gmu, '')
}
