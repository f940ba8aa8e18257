import type { Backend, Found } from '../backend/backend'
import { Pause } from './pause'

/** What is found in what is being written that is not simply sent: looked for once typing pauses. */
export class FoundWords {
  found = $state.raw<readonly Found[]>([])
  #backend: Backend
  #pause = new Pause(300)

  constructor(backend: Backend) {
    this.#backend = backend
  }

  ask(conversation: string | null, text: string, model: string | null): void {
    if (text.trim() === '') {
      this.end()
      this.found = []
      return
    }
    this.#pause.ask<readonly Found[]>(
      // What cannot be looked for here is said when it is sent.
      () => this.#backend.checkText(conversation, text, model).catch(() => []),
      (found) => (this.found = found),
    )
  }

  end(): void {
    this.#pause.end()
  }
}
