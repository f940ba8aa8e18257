import type { Asked, Conversation, Folder, WritingAction } from '../backend/backend'
import type { Section, SettingId } from '../settings'
import type { ShownMessage } from './message.svelte'
import type { Thread } from './thread.svelte'

/** A name that is asked for. */
export interface Naming {
  title: string
  /** What comes of it. */
  text?: string
  label: string
  value: string
  /** What the button says. */
  action: string
  /** Fails where the name cannot be had; then it is asked for again. */
  keep: (name: string) => unknown
}

/** What cannot be undone, and is asked about first. */
export interface Confirming {
  title: string
  text: string
  /** What the button says. */
  action: string
  run: () => Promise<unknown>
}

/** A backup that may take the place of the history: the one that was chosen, or the last one that was made by itself. */
export type Restoring = { file: string } | { last: number }

/** A text that is worked on. */
export interface Writing {
  action: WritingAction
  text: string
  /** The model that is asked; null leaves it to the settings. */
  model: string | null
  /** Puts the new text where the old one was taken from; null where that is not to be changed. */
  use: ((text: string) => void) | null
}

/** What lies over the workspace, one at a time; all but the palette are loaded when they are first opened. */
export type Layer =
  | { name: 'palette' }
  | { name: 'shortcuts' }
  | { name: 'settings'; section: Section; setting?: SettingId }
  | { name: 'instructions'; conversation: Conversation }
  | { name: 'exchange'; message: string }
  | { name: 'outgoing'; question: Asked }
  | { name: 'compare'; thread: Thread; answer: ShownMessage }
  | { name: 'image'; title: string; source: string }
  | ({ name: 'name' } & Naming)
  | ({ name: 'confirm' } & Confirming)
  | { name: 'tags'; conversations: readonly Conversation[] }
  | { name: 'folder'; folder: Folder }
  | { name: 'translate'; thread: Thread; file?: string; text?: string }
  | { name: 'import' }
  | { name: 'restore'; backup: Restoring }
  | ({ name: 'writing' } & Writing)

export class Layers {
  shown = $state.raw<Layer | null>(null)
  /** Someone wanted to leave what is not saved, and is told. */
  held = $state(false)
  /** Whether anything is typed in the layer that is not saved, asked of each of its forms. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- asked when someone leaves, never shown
  readonly #forms = new Set<() => boolean>()

  open(layer: Layer): void {
    this.shown = layer
  }

  close = (): void => {
    this.shown = null
    this.held = false
  }

  /** Watches a form of the layer until the function it gives is called: it is left by its own buttons only. */
  watch(changed: () => boolean): () => void {
    this.#forms.add(changed)
    return () => {
      this.#forms.delete(changed)
      this.held = false
    }
  }

  /** Whether nothing would be lost by going elsewhere. */
  mayLeave(): boolean {
    this.held = [...this.#forms].some((changed) => changed())
    return !this.held
  }

  /** Closes the layer, unless that would lose what is typed in it. */
  leave = (): void => {
    if (this.mayLeave()) this.close()
  }
}
