import type { Backend, Conversation } from '../backend/backend'

const PAUSE = 120

/** Conversations by their titles, asked for once typing pauses; answers to older words are forgotten. */
export class Titles {
  found = $state.raw<readonly Conversation[]>([])
  #backend: Backend
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(backend: Backend) {
    this.#backend = backend
  }

  ask(words: string): void {
    clearTimeout(this.#timer)
    this.#asked += 1
    const asked = this.#asked
    if (words.trim() === '') {
      this.found = []
      return
    }
    this.#timer = setTimeout(async () => {
      // What is listed is offered all the same.
      const found = await this.#backend.titled(words).catch(() => [])
      if (asked === this.#asked) this.found = found
    }, PAUSE)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#asked += 1
  }
}
