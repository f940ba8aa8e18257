import { type Backend, type Desk, type Failure, failureOf, type Settings, type Status } from '../backend/backend'
import { setRegion } from '../spoken.svelte'

/** How the history stands, and the ways to open it. */
export class Session {
  status = $state.raw<Status | null>(null)
  failure = $state.raw<Failure | null>(null)
  busy = $state(false)
  /** The history was made just now, and nothing says yet which models answer. */
  introducing = $state(false)
  #backend: Backend
  #adopt: (settings: Settings) => Promise<void>

  constructor(backend: Backend, adopt: (settings: Settings) => Promise<void>) {
    this.#backend = backend
    this.#adopt = adopt
  }

  /** What the organisation decides for the desk; null until it is known. */
  get desk(): Desk | null {
    return this.status?.desk ?? null
  }

  get ready(): boolean {
    if (this.desk?.notice || this.desk?.passphrase_needed) return false
    return this.open
  }

  /** The history is open, whatever is still to be done first. */
  get open(): boolean {
    return this.status?.access === 'open' || this.status?.access === 'temporary' || this.damaged
  }

  /** The history can be read as far as it goes, and not changed. */
  get damaged(): boolean {
    return this.status?.access === 'damaged'
  }

  get temporary(): boolean {
    return this.status?.access === 'temporary'
  }

  load = () => this.#run(() => this.#backend.status())

  createVault = (passphrase: string | null) => this.#begin(() => this.#backend.createVault(passphrase))

  unlock = (passphrase: string) => this.#run(() => this.#backend.unlock(passphrase))

  unlockWithKeychain = () => this.#run(() => this.#backend.unlockWithKeychain())

  acceptNotice = () => this.#run(() => this.#backend.acceptNotice())

  setPassphrase = (old: string | null, passphrase: string) => this.#run(() => this.#backend.setPassphrase(old, passphrase))

  startTemporary = () => this.#begin(() => this.#backend.startTemporary())

  #begin(call: () => Promise<Status>): Promise<void> {
    return this.#run(async () => {
      const status = await call()
      this.introducing = status.endpoint === null
      return status
    })
  }

  async #run(call: () => Promise<Status>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.failure = null
    try {
      const status = await call()
      setRegion(status.locale)
      await this.#adopt(status.settings)
      this.status = status
    } catch (error) {
      this.failure = failureOf(error)
    } finally {
      this.busy = false
    }
  }
}
