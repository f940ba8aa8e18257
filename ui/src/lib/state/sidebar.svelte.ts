import type { View } from '../backend/backend'
import type { Conversations } from './conversations.svelte'
import type { Search } from './search.svelte'
import type { Selection } from './selection.svelte'

/** The list of conversations beside the one that is shown. */
export class Sidebar {
  /** Whether it lies over the conversation, on a window that is too narrow for both. */
  open = $state(false)
  /** The conversation whose title is being changed. */
  renaming = $state<string | null>(null)
  #search: Search
  #conversations: Conversations
  #selection: Selection

  constructor(search: Search, conversations: Conversations, selection: Selection) {
    this.#search = search
    this.#conversations = conversations
    this.#selection = selection
  }

  /** Lists something else. */
  show(view: View): void {
    this.#search.set('')
    this.#selection.leave()
    this.renaming = null
    void this.#conversations.show(view)
  }

  /** Lets a title be changed in the list, which comes into view for it. */
  rename(conversation: string): void {
    this.open = true
    this.#search.set('')
    this.renaming = conversation
  }
}
