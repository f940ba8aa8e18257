import { withNotes } from './footnotes'

/** Links to passages, as the program writes them: a label that is shown, and an address that leads only from here. */
const MARKDOWN = /\[((?:\\.|[^\]\\])*)\]\(passage:[^)\s]*\)/gu
const HTML = /<a\b[^>]*\bhref="passage:[^"]*"[^>]*>([\s\S]*?)<\/a>/gu

/** The media type of what was read of a document. */
export const DOCUMENT = 'text/vnd.bureau.document'
/** The address of a link that leads to no passage, as none was found. */
export const NOT_FOUND = 'passage:not-found'

export function isPassage(address: string): boolean {
  return address.startsWith('passage:')
}

/** Markdown for elsewhere, where links to passages lead nowhere: their labels alone. */
export function withLabels(markdown: string): string {
  return markdown.replace(MARKDOWN, '($1)')
}

/** An answer as one text to work on: what its links and footnotes say stands in it. */
export function asWritten(markdown: string): string {
  return withNotes(withLabels(markdown))
}

/** HTML for elsewhere, as {@link withLabels}. */
export function withLabelsInHtml(html: string): string {
  return html.replace(HTML, '($1)')
}
