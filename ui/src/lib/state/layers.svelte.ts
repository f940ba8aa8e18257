import type { Conversation } from '../backend/backend'
import type { Section, SettingId } from '../settings'
import type { ShownMessage } from './message.svelte'
import type { Thread } from './thread.svelte'

/** What lies over the workspace, one at a time; all but the palette are loaded when they are first opened. */
export type Layer =
  | { name: 'palette' }
  | { name: 'shortcuts' }
  | { name: 'settings'; section: Section; setting?: SettingId }
  | { name: 'instructions'; conversation: Conversation }
  | { name: 'exchange'; message: string }
  | { name: 'compare'; thread: Thread; answer: ShownMessage }
  | { name: 'image'; title: string; source: string }

export class Layers {
  shown = $state.raw<Layer | null>(null)

  open(layer: Layer): void {
    this.shown = layer
  }

  close = (): void => {
    this.shown = null
  }
}
