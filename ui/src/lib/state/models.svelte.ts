import { type Backend, type Failure, failureOf, type ModelInfo } from '../backend/backend'

/** What the program calls the model that comes with it, and in a conversation any that runs on this machine. */
const BUILT_IN = 'SmolLM2-135M-Instruct'

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

  /** The model of this id; a conversation's always names its endpoint, or the one that comes with Bureau. */
  find(id: string | null): ModelInfo | undefined {
    const own = ({ endpoint, name }: ModelInfo) => (endpoint === null ? BUILT_IN : `${endpoint}/${name}`)
    return this.list.find((model) => model.id === id) ?? this.list.find((model) => own(model) === id)
  }

  /** What people call the model of this id, with or without its endpoint; one that is gone keeps its id. */
  called = (id: string): string => this.find(id)?.name ?? id

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
