/** A fence, or code within a line: nothing in it is a footnote. */
const CODE = String.raw`^ {0,3}(\x60{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1.*$|(?![\s\S]))|(?<!\x60)(\x60+)(?!\x60)[\s\S]*?(?<!\x60)\2(?!\x60)`
/** What a footnote says, with the lines of it that are indented. */
const DEFINITION = new RegExp(String.raw`${CODE}|^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]*\n)?(?: {2,}|\t).+)*)\n*`, 'gmu')
const REFERENCE = new RegExp(String.raw`${CODE}|[ \t]?\[\^([^\]\s]+)\]`, 'gmu')

/**
 * Markdown with each footnote in brackets where it is referred to first: a text that is worked on has no foot. A number that
 * refers to nothing is left out.
 */
export function withNotes(markdown: string): string {
  if (!markdown.includes('[^')) return markdown
  const notes = new Map<string, string>()
  const body = markdown.replace(DEFINITION, (whole: string, _fence, _ticks, label?: string, said?: string) => {
    if (label === undefined) return whole
    notes.set(label.toLowerCase(), (said ?? '').replace(/\s+/gu, ' ').trim())
    return ''
  })
  const told = new Set<string>()
  const text = body.replace(REFERENCE, (whole: string, _fence, _ticks, label?: string) => {
    if (label === undefined) return whole
    const note = notes.get(label.toLowerCase())
    if (note === undefined) return /^\d+$/u.test(label) ? '' : whole
    if (note === '' || told.has(label)) return ''
    told.add(label)
    return ` (${note})`
  })
  return notes.size > 0 ? text.trimEnd() : text
}
