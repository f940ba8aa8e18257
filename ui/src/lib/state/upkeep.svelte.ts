import { CommandError, type Failure } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Notices } from './notices.svelte'

/** Something that Bureau does by itself, and how it is told that it went wrong. */
export interface Told<State> {
  /** Why the last attempt came to nothing, where that is to be told outside of the settings. */
  problem: (state: State) => Failure | null
  text: () => string
  /** Where it is set, and where it is seen how it stands. */
  shown: () => boolean
  show: () => void
}

/** How something stands that Bureau does by itself. */
export class Upkeep<State> {
  current = $state.raw<State | null>(null)
  /** What went wrong with the last attempt, as far as it was told. */
  #reported: string | null = null
  #read: () => Promise<State>
  #notices: Notices
  #told: Told<State>

  constructor(read: () => Promise<State>, notices: Notices, told: Told<State>) {
    this.#read = read
    this.#notices = notices
    this.#told = told
  }

  async load(): Promise<void> {
    await this.take(this.#read)
  }

  /** Takes how it stands once a call has been made. */
  async take(call: () => Promise<State>): Promise<void> {
    this.current = await call()
  }

  /** It has changed by itself, here or elsewhere: an attempt that came to nothing is told, once. */
  async changed(): Promise<void> {
    if (!(await this.#notices.guard(() => this.load()))) return
    const problem = this.current === null ? null : this.#told.problem(this.current)
    if (problem !== null && problem.message !== this.#reported && !this.#told.shown()) {
      this.#notices.report(new CommandError(problem), {
        text: this.#told.text,
        action: { title: m.backup_settings, run: this.#told.show },
      })
    }
    this.#reported = problem?.message ?? null
  }
}
