import type { Backend, Conversation } from '../backend/backend'
import { Pause } from './pause'

/** Conversations by their titles, asked for once typing pauses; answers to older words are forgotten. */
export class Titles {
  found = $state.raw<readonly Conversation[]>([])
  #backend: Backend
  #pause = new Pause(120)

  constructor(backend: Backend) {
    this.#backend = backend
  }

  ask(words: string): void {
    if (words.trim() === '') {
      this.end()
      this.found = []
      return
    }
    this.#pause.ask<readonly Conversation[]>(
      // What is listed is offered all the same.
      () => this.#backend.titled(words).catch(() => []),
      (found) => (this.found = found),
    )
  }

  end(): void {
    this.#pause.end()
  }
}
