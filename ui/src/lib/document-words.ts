import type { DocumentInfo, DocumentPage, Kind, Note } from './backend/backend'
import { beside } from './beside'
import { numberFormat } from './formats'
import { formatLocale } from './locale'
import { m } from './paraglide/messages'

type Pages = Exclude<Kind, 'text'>
type Counted = (of: { count: number }) => string

const EXTENTS: Record<Pages, Counted> = {
  page: m.extent_pages,
  slide: m.extent_slides,
  sheet: m.extent_sheets,
  section: m.extent_sections,
  mail: m.extent_parts,
}

const PLACES: Record<Pages, (of: { at: string; count: string }) => string> = {
  page: m.place_page,
  slide: m.place_slide,
  sheet: m.place_sheet,
  section: m.place_section,
  mail: m.place_part,
}

const counted = (count: number) => numberFormat(formatLocale()).format(count)

/** How long a document is: in what its pages are, or in words where it has none. */
export function extentText({ kind, pages, words }: Pick<DocumentInfo, 'kind' | 'pages' | 'words'>): string {
  return kind === 'text' ? m.extent_words({ count: words }) : EXTENTS[kind]({ count: pages })
}

/** Where in its document a page stands, with its name where it has one. */
export function placeText({ info, page, name }: Pick<DocumentPage, 'info' | 'page' | 'name'>): string {
  if (info.kind === 'text') return m.place_text()
  const place = PLACES[info.kind]({ at: counted(page + 1), count: counted(info.pages) })
  return beside([place, name])
}

/** What a person should know before they rely on a document: what it hides, and how it was read. */
export function cautions({ hidden, notes, kind }: Pick<DocumentInfo, 'hidden' | 'notes' | 'kind'>): string[] {
  return [...(hidden ? [m.document_hidden()] : []), ...notes.map((note) => noteText(note, kind))]
}

function noteText(note: Note, kind: Kind): string {
  switch (note.note) {
    case 'not_recognised':
      return m.document_not_recognised({ pages: pagesText(note.pages) })
    case 'recognised':
      return m.document_recognised({ pages: pagesText(note.pages) })
    case 'cut_short':
      // Of a sheet, rows were counted, and of what has no pages, nothing that has a name.
      return m.document_cut_short({ read: kind === 'sheet' || kind === 'text' ? counted(note.read) : extentText({ kind, pages: note.read, words: 0 }) })
    case 'left_out':
      return m.document_left_out({ what: note.what })
  }
}

/** Numbers of pages, those that follow each other as one: “pages 1–3, 7”. */
function pagesText(pages: readonly number[]): string {
  const runs: [first: number, last: number][] = []
  for (const page of [...pages].sort((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && page <= run[1] + 1) run[1] = page
    else runs.push([page, page])
  }
  const text = runs.map(([first, last]) => (first === last ? counted(first) : `${counted(first)}–${counted(last)}`)).join(', ')
  return pages.length === 1 ? m.document_page({ pages: text }) : m.document_pages({ pages: text })
}
