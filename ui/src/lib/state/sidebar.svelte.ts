import type { Search } from './search.svelte'

/** The list of conversations beside the one that is shown. */
export class Sidebar {
  /** Whether it lies over the conversation, on a window that is too narrow for both. */
  open = $state(false)
  /** The conversation whose title is being changed. */
  renaming = $state<string | null>(null)
  #search: Search

  constructor(search: Search) {
    this.#search = search
  }

  /** Lets a title be changed in the list, which comes into view for it. */
  rename(conversation: string): void {
    this.open = true
    this.#search.set('')
    this.renaming = conversation
  }
}
