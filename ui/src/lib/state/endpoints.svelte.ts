import { type Backend, type EndpointView, type Failure, failureOf } from '../backend/backend'
import { EndpointEditor } from './endpoint-editor.svelte'

/** The endpoints that are set up, and the one that is being edited. */
export class Endpoints {
  list = $state.raw<readonly EndpointView[]>([])
  failure = $state.raw<Failure | null>(null)
  editor = $state.raw<EndpointEditor | null>(null)
  #backend: Backend
  #changed: () => void

  constructor(backend: Backend, changed: () => void) {
    this.#backend = backend
    this.#changed = changed
  }

  load(): Promise<void> {
    return this.#take(() => this.#backend.endpoints())
  }

  /** Begins to change this endpoint, or a new one. */
  edit(view: EndpointView | null): void {
    this.editor = new EndpointEditor(this.#backend, view)
  }

  cancel(): void {
    this.editor = null
  }

  /** Says whether it was kept; the editor has the failure if not. */
  async save(): Promise<boolean> {
    const list = await this.editor?.save()
    if (!list) return false
    this.list = list
    this.editor = null
    this.#changed()
    return true
  }

  async remove(name: string): Promise<void> {
    await this.#take(() => this.#backend.removeEndpoint(name))
    this.#changed()
  }

  async #take(call: () => Promise<EndpointView[]>): Promise<void> {
    this.failure = null
    try {
      this.list = await call()
    } catch (error) {
      this.failure = failureOf(error)
    }
  }
}
