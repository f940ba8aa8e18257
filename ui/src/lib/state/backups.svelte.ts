import { type Backend, type Backups as State, CommandError } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Notices } from './notices.svelte'

/** How backups of the history stand. */
export class Backups {
  current = $state.raw<State | null>(null)
  /** What kept the last one from being made, as far as it was told. */
  #told: string | null = null
  #backend: Backend
  #notices: Notices
  #setting: { shown: () => boolean; show: () => void }

  /** `setting` is where they are set, and where it is seen how they stand. */
  constructor(backend: Backend, notices: Notices, setting: { shown: () => boolean; show: () => void }) {
    this.#backend = backend
    this.#notices = notices
    this.#setting = setting
  }

  async load(): Promise<void> {
    await this.take(() => this.#backend.backups())
  }

  /** Takes how they stand once a call has been made. */
  async take(call: () => Promise<State>): Promise<void> {
    this.current = await call()
  }

  /** They have changed by themselves, here or elsewhere: one that could not be made is told, once. */
  async changed(): Promise<void> {
    if (!(await this.#notices.guard(() => this.load()))) return
    const problem = this.current?.problem ?? null
    if (problem !== null && problem !== this.#told && !this.#setting.shown()) {
      this.#notices.report(new CommandError({ code: 'storage', message: problem, retry_after: null }), {
        text: m.backup_failed,
        action: { title: m.backup_settings, run: this.#setting.show },
      })
    }
    this.#told = problem
  }
}
