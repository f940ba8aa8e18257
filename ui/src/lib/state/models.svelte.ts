import { type Backend, type Failure, failureOf, type ModelInfo } from '../backend/backend'

/** The models that can be asked. */
export class Models {
  list = $state.raw<readonly ModelInfo[]>([])
  /** The id of the one that is asked where neither a person nor a setting chooses, as far as that is known. */
  default = $state<string | null>(null)
  /** Why an endpoint told none. */
  failure = $state.raw<Failure | null>(null)
  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  async load(): Promise<void> {
    try {
      const { models, failures, ...others } = await this.#backend.models()
      this.list = models
      this.default = others.default
      this.failure = failures[0] ?? null
    } catch (error) {
      this.failure = failureOf(error)
    }
  }
}
