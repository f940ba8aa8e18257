import type { Backend, ContextUse } from '../backend/backend'

const PAUSE = 400

/** How much of what the model can read the next question takes: asked for once typing pauses. */
export class ContextMeter {
  use = $state.raw<ContextUse | null>(null)
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
    this.#timer = setTimeout(async () => {
      // An estimate that cannot be made is none; sending says what is wrong.
      const use = await this.#backend.contextUse(conversation, text, model).catch(() => null)
      if (asked === this.#asked) this.use = use
    }, PAUSE)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#asked += 1
  }
}
