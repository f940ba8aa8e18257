import { type Backend, type Failure, failureOf, type Status } from '../backend/backend'

/** How the history stands, and the ways to open it. */
export class Session {
  status = $state.raw<Status | null>(null)
  failure = $state.raw<Failure | null>(null)
  busy = $state(false)
  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get ready(): boolean {
    return this.status?.access === 'open' || this.status?.access === 'temporary'
  }

  get temporary(): boolean {
    return this.status?.access === 'temporary'
  }

  load = () => this.#run(() => this.#backend.status())

  createVault = (passphrase: string | null) => this.#run(() => this.#backend.createVault(passphrase))

  unlock = (passphrase: string) => this.#run(() => this.#backend.unlock(passphrase))

  startTemporary = () => this.#run(() => this.#backend.startTemporary())

  async #run(call: () => Promise<Status>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.failure = null
    try {
      this.status = await call()
    } catch (error) {
      this.failure = failureOf(error)
    } finally {
      this.busy = false
    }
  }
}
