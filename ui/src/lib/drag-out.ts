import type { TextFile } from './backend/backend'
import type { App } from './state/app.svelte'

/**
 * Lets an element be dragged out of the window as a file. A page cannot hand over files that are made while it is
 * dragged: the program drags in its stead, unless the mouse was let go before the text was there.
 */
export function draggedOut({ backend, notices }: Pick<App, 'backend' | 'notices'>, file: () => TextFile | Promise<TextFile>) {
  return (element: HTMLElement) => {
    const ondragstart = (event: DragEvent) => {
      event.preventDefault()
      event.stopPropagation()
      const released = new AbortController()
      window.addEventListener('pointerup', () => released.abort(), { once: true, signal: released.signal })
      void notices.guard(async () => {
        const text = await file()
        if (released.signal.aborted) return
        released.abort()
        await backend.dragOut(text)
      })
    }
    element.draggable = true
    element.addEventListener('dragstart', ondragstart)
    return () => {
      element.draggable = false
      element.removeEventListener('dragstart', ondragstart)
    }
  }
}
