import type { Backend, Found } from '../backend/backend'

const PAUSE = 300

/** What is found in what is being written that is not simply sent: looked for once typing pauses. */
export class FoundWords {
  found = $state.raw<readonly Found[]>([])
  #backend: Backend
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(backend: Backend) {
    this.#backend = backend
  }

  ask(conversation: string | null, text: string, model: string | null): void {
    clearTimeout(this.#timer)
    this.#asked += 1
    const asked = this.#asked
    if (text.trim() === '') {
      this.found = []
      return
    }
    this.#timer = setTimeout(async () => {
      // What cannot be looked for here is said when it is sent.
      const found = await this.#backend.checkText(conversation, text, model).catch(() => [])
      if (asked === this.#asked) this.found = found
    }, PAUSE)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#asked += 1
  }
}
