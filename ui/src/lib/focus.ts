import type { Attachment } from 'svelte/attachments'

/** Dialogs and menus look after the focus themselves. */
const LAYERS = 'dialog[open], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]'

/** Whether a dialog or a menu lies over the page. */
export function layered(): boolean {
  return document.querySelector(LAYERS) !== null
}

/**
 * Brings the focus home when what has it goes away or is switched off: a button whose own action removes it, a
 * dialog that was opened from nowhere. A person at the keyboard would begin again at the top of the page.
 */
export function keepFocus(home: () => HTMLElement | undefined): Attachment<HTMLElement> {
  return (root) => {
    let last: Element | null = null
    let waiting = false

    const lost = () => {
      const { activeElement, body } = document
      return (activeElement === null || activeElement === body) && (!last?.isConnected || last.matches(':disabled'))
    }

    const check = () => {
      if (waiting || last === null || !lost()) return
      waiting = true
      // Whoever removed it may have a better place for the focus, and takes it at once.
      requestAnimationFrame(() =>
        setTimeout(() => {
          waiting = false
          if (!lost() || layered()) return
          last = null
          home()?.focus({ preventScroll: true })
        }),
      )
    }

    const remember = ({ target }: FocusEvent) => (last = target instanceof Element ? target : null)
    const observer = new MutationObserver(check)
    observer.observe(root.ownerDocument.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
    document.addEventListener('focusin', remember)
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', remember)
    }
  }
}
