import type { ExportFormat } from '../backend/backend'
import { m } from '../paraglide/messages'

/** What conversations can be exported as. */
export const FORMATS: Record<ExportFormat, () => string> = {
  markdown: m.format_markdown,
  html: m.format_html,
  pdf: m.format_pdf,
  docx: m.format_docx,
  json: m.format_json,
}

export const FORMAT_NAMES = Object.keys(FORMATS) as ExportFormat[]
