import { APPLE, type Chord, pressed } from './shortcuts'

/** Reload, back and forward; on Apple's systems Alt and an arrow move the cursor by a word. */
const KEYS: readonly Chord[] = [
  'f5',
  'mod+f5',
  'shift+f5',
  'mod+r',
  'mod+shift+r',
  ...(APPLE ? ['mod+[', 'mod+]'] : ['alt+arrowleft', 'alt+arrowright']),
]

/** Whether these keys would lead the web view away from the page, and lose what is in this window only. */
export function leads(event: KeyboardEvent): boolean {
  return KEYS.some((chord) => pressed(event, chord))
}

/** Whether the web view's own menu has something to offer there; elsewhere it offers to reload the page. */
export function offersMenu({ target }: Event): boolean {
  if (!(target instanceof Element)) return false
  // It would open the link without a word.
  if (target.closest('a')) return false
  return editable(target) || selected(target)
}

function editable(element: Element): boolean {
  if (element instanceof HTMLInputElement) return element.selectionStart !== null
  return element instanceof HTMLTextAreaElement
}

function selected(element: Element): boolean {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(element, true)
}
