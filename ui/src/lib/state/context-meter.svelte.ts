import type { Asked, Backend, ContextUse } from '../backend/backend'
import { Pause } from './pause'

/** How much of what the model can read the next question takes: asked for once typing pauses. */
export class ContextMeter {
  use = $state.raw<ContextUse | null>(null)
  #backend: Backend
  #pause = new Pause(400)

  constructor(backend: Backend) {
    this.#backend = backend
  }

  ask(question: Asked): void {
    this.#pause.ask(
      // An estimate that cannot be made is none; sending says what is wrong.
      () => this.#backend.contextUse(question).catch(() => null),
      (use) => (this.use = use),
    )
  }

  end(): void {
    this.#pause.end()
  }
}
