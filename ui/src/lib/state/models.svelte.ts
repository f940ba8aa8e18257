import { type Backend, type Failure, failureOf, type ModelInfo } from '../backend/backend'

/** The models that can be asked. */
export class Models {
  list = $state.raw<readonly ModelInfo[]>([])
  failure = $state.raw<Failure | null>(null)
  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  async load(): Promise<void> {
    try {
      this.list = await this.#backend.models()
      this.failure = null
    } catch (error) {
      this.failure = failureOf(error)
    }
  }
}
