import type { Conversation } from '../backend/backend'
import type { Section } from '../settings'

/** What lies over the workspace, one at a time; each is loaded when it is first opened. */
export type Layer =
  | { name: 'settings'; section: Section }
  | { name: 'instructions'; conversation: Conversation }
  | { name: 'exchange'; message: string }
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
