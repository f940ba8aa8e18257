import type { Block } from './backend/backend'
import { m } from './paraglide/messages'
import { NOT_FOUND } from './passages'

/** What continues the block before it, and what a fence is: the renderer writes these first. */
const CONTINUES = /^<(?:table|ul|ol)[^>]* data-part="(?:middle|last)"/u
const CODE = /^<pre[^>]* data-part="(first|middle|last|only)"/u
const LANGUAGE = /^<pre[^>]* data-language="([^"]*)"/u
const SCROLLS = /<(?:pre|table)|display="block"/u

const ALERTS: Record<string, () => string> = {
  'alert-note': m.alert_note,
  'alert-tip': m.alert_tip,
  'alert-important': m.alert_important,
  'alert-warning': m.alert_warning,
  'alert-caution': m.alert_caution,
}

/** Blocks that are shown as one: the parts of a fence, which scroll together; anything else by itself. */
export interface Group {
  /** The place of its first block. */
  start: number
  blocks: readonly Block[]
  /** The language of a fence, empty where it names none; null for anything but a fence. */
  language: string | null
  /** It goes on with the list or table before it. */
  joined: boolean
}

/**
 * The groups of these blocks. Those of `before` whose blocks have not changed stay the same objects, so that an answer
 * that arrives costs what its new blocks cost, however long it is.
 */
export function grouped(blocks: readonly Block[], before: readonly Group[] = []): Group[] {
  const changed = before.findIndex(({ start, blocks: own }) => own.some((block, i) => block !== blocks[start + i]))
  const groups = before.slice(0, changed < 0 ? before.length : changed)
  // A fence may go on now.
  const last = groups.pop()
  let fence: Block[] | null = null
  for (let start = last?.start ?? 0; start < blocks.length; start += 1) {
    const block = blocks[start] as Block
    const part = CODE.exec(block.html)?.[1]
    if (fence && (part === 'middle' || part === 'last')) {
      fence.push(block)
      continue
    }
    const own = [block]
    fence = part ? own : null
    const language = part ? (LANGUAGE.exec(block.html)?.[1] ?? '') : null
    groups.push({ start, blocks: own, language, joined: CONTINUES.test(block.html) })
  }
  return groups
}

const TABLE = /^<table/u

/** Whether a table ends at the group that begins here, and no more of it can come: it can be drawn as a chart. */
export function tablesEnd(groups: readonly Group[], start: number, whole: boolean): boolean {
  const at = groups.findIndex((group) => group.start === start)
  const [group, next] = [groups[at], groups[at + 1]]
  if (!group || !TABLE.test(group.blocks[0]?.html ?? '')) return false
  return next ? !(next.joined && TABLE.test(next.blocks[0]?.html ?? '')) : whole
}

/** How many groups are left out together while they are out of sight: few would cost more than they spare. */
const SECTION = 8

/** What the web view leaves out at once while it is out of sight. */
export type Section = readonly Group[]

/** The groups by sections. Those of `before` in which nothing has changed stay the same objects, as with {@link grouped}. */
export function sectioned(groups: readonly Group[], before: readonly Section[] = []): Section[] {
  return Array.from({ length: Math.ceil(groups.length / SECTION) }, (_, i) => {
    const own = groups.slice(i * SECTION, (i + 1) * SECTION)
    const known = before[i]
    return known?.length === own.length && own.every((group, place) => group === known[place]) ? known : own
  })
}

/** Names what a block holds for those who do not see it, in the person's language, and lets the keyboard reach what scrolls. */
export function complete(html: string) {
  return (element: HTMLElement) => {
    if (html.includes('<input')) {
      for (const box of element.querySelectorAll('input')) {
        box.setAttribute('aria-label', box.parentElement?.textContent.trim() ?? '')
      }
    }
    if (html.includes('class="alert-')) {
      for (const alert of element.querySelectorAll<HTMLElement>('blockquote[class^=alert-]')) {
        alert.dataset.label = ALERTS[alert.className]?.() ?? ''
      }
    }
    if (html.includes('="passage:')) {
      for (const link of element.querySelectorAll<HTMLElement>('a[href^="passage:"]')) {
        link.title = m.passage_show()
        if (link.getAttribute('href') !== NOT_FOUND) continue
        // It leads nowhere: what remains is a warning.
        link.removeAttribute('href')
        link.className = 'unfounded'
        link.title = m.passage_none()
        link.setAttribute('role', 'note')
        link.setAttribute('aria-label', `${link.textContent}: ${m.passage_none()}`)
      }
    }
    if (!SCROLLS.test(html)) return
    return reachable(element, ...element.querySelectorAll<HTMLElement>('pre, math[display=block]'))
  }
}

/** What scrolls sideways is reached by keyboard, where it does. Not every engine sees to that by itself. */
export function reachable(...elements: HTMLElement[]): () => void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0')
      else target.removeAttribute('tabindex')
    }
  })
  for (const element of elements) observer.observe(element)
  return () => observer.disconnect()
}

/** After a width has changed, what is out of sight is measured again once it has rested so long, in milliseconds. */
const REST = 200

/**
 * Lets sections be left out while they are out of sight, once all of them were laid out: from then on the web view
 * remembers how high they are, and nothing around them moves.
 */
export function settled(blocks: HTMLElement): () => void {
  let width = -1
  let resting: ReturnType<typeof setTimeout> | undefined
  const settle = () => {
    blocks.classList.remove('settled')
    // Sizes are remembered at the end of a frame.
    requestAnimationFrame(() => requestAnimationFrame(() => blocks.classList.add('settled')))
  }
  const observer = new ResizeObserver(() => {
    if (blocks.clientWidth === width) return
    clearTimeout(resting)
    if (width < 0) settle()
    else resting = setTimeout(settle, REST)
    width = blocks.clientWidth
  })
  observer.observe(blocks)
  return () => {
    clearTimeout(resting)
    observer.disconnect()
  }
}
