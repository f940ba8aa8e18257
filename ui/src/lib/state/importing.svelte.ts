import { type Backend, type Failure, failureOf, type ImportProgress, type ImportReport } from '../backend/backend'

/** Bringing in what other programs have exported; it goes on while its dialog is closed. */
export class Importing {
  /** How far it has come; null while nothing is brought in. */
  progress = $state.raw<ImportProgress | null>(null)
  /** What came of the last one. */
  report = $state.raw<ImportReport | null>(null)
  /** Why it could not begin. */
  failure = $state.raw<Failure | null>(null)
  /** A file is being chosen, or brought in. */
  busy = $state(false)
  stopping = $state(false)
  #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Asks for a file and brings it in. */
  begin = async (): Promise<void> => {
    if (this.busy) return
    this.busy = true
    this.stopping = false
    this.failure = null
    try {
      const report = await this.#backend.importConversations((progress) => {
        if (this.busy) this.progress = progress
      })
      // Where no file was chosen, what came of the last one stays.
      if (report) this.report = report
    } catch (error) {
      this.failure = failureOf(error)
    }
    this.progress = null
    this.busy = false
  }

  /** Stops after the conversation that is being read; what has come stays. */
  stop = async (): Promise<void> => {
    this.stopping = true
    try {
      await this.#backend.stopImport()
    } catch (error) {
      this.failure = failureOf(error)
      this.stopping = false
    }
  }

  /** Forgets what came of the last one. */
  clear(): void {
    this.report = this.failure = null
  }
}
