import type { Place } from './state/find.svelte'

/** What is marked: every place that was found, the one that is shown, and what is being read aloud. */
export type Mark = 'found' | 'found-now' | 'spoken'

/** Marks lie over the text without touching it, where the web view knows how. */
const highlights = typeof Highlight === 'undefined' ? null : { found: new Highlight(), 'found-now': new Highlight(), spoken: new Highlight() }
if (highlights) {
  highlights['found-now'].priority = 1
  for (const [name, highlight] of Object.entries(highlights)) CSS.highlights.set(name, highlight)
}

/** Marks these places in a message's blocks, until the function it gives is called. */
export function mark(container: Element, places: readonly Place[], name: Mark): () => void {
  const highlight = highlights?.[name]
  if (!highlight) return markBlocks(container, places, name)
  const ranges = rangesIn(container, places)
  for (const range of ranges) highlight.add(range)
  return () => {
    for (const range of ranges) highlight.delete(range)
  }
}

/** Where a place is in the window; null while its message is not on the page. */
export function boxOf(container: Element | null | undefined, place: Place): DOMRect | null {
  const [found] = container ? rangesIn(container, [place]) : []
  if (!found) return null
  const range = new Range()
  range.setStart(found.startContainer, found.startOffset)
  range.setEnd(found.endContainer, found.endOffset)
  return range.getBoundingClientRect()
}

/** The places, in the order of the text, as ranges that cost nothing when the page changes. */
function rangesIn(container: Element, places: readonly Place[]): StaticRange[] {
  const elements = elementsOf(container)
  const ranges: StaticRange[] = []
  let block = -1
  let texts: TreeWalker | null = null
  let node: Node | null = null
  let before = 0
  /** Goes on to the text that this offset lies in; an end lies in the text that it ends. */
  const reach = (offset: number, ends: boolean) => {
    while (node && before + lengthOf(node) < offset + (ends ? 0 : 1)) {
      before += lengthOf(node)
      node = texts?.nextNode() ?? null
    }
    return node && { node, offset: offset - before }
  }
  for (const place of places) {
    const element = elements[place.block]
    if (!element) continue
    if (place.block !== block) {
      block = place.block
      texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      node = texts.nextNode()
      before = 0
    }
    const start = reach(place.start, false)
    const end = reach(place.end, true)
    if (!start || !end) continue
    ranges.push(
      new StaticRange({
        startContainer: start.node,
        startOffset: start.offset,
        endContainer: end.node,
        endOffset: end.offset,
      }),
    )
  }
  return ranges
}

function lengthOf(node: Node): number {
  return node.nodeValue?.length ?? 0
}

/** The element of each block; those of a fence are beside each other in one box. */
function elementsOf(container: Element): Element[] {
  return [...container.querySelectorAll('.block:not(.fence), .fence .code-box > pre')]
}

function markBlocks(container: Element, places: readonly Place[], name: Mark): () => void {
  const elements = elementsOf(container)
  const marked = new Set(places.map(({ block }) => elements[block]))
  for (const element of marked) element?.classList.add(name)
  return () => {
    for (const element of marked) element?.classList.remove(name)
  }
}
