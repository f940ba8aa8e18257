import type { Backend, UpdateState } from '../backend/backend'

/** How Bureau's own renewal stands. What goes wrong by itself is told in the settings alone. */
export class Updates {
  current = $state.raw<UpdateState | null>(null)
  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** The version that could be had; null where there is none. */
  get found(): string | null {
    return this.current?.found?.version ?? null
  }

  async load(): Promise<void> {
    this.current = await this.#backend.updateState()
  }
}
