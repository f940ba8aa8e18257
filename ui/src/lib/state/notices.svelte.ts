import { type Failure, failureOf } from '../backend/backend'
import { Brief } from './brief.svelte'

/** What is told of a failure beside itself. */
export interface More {
  /** What went wrong, where more is known than the failure says. */
  text?: () => string
  /** What can be done about it. */
  action?: { title: () => string; run: () => unknown }
}

export interface Notice extends More {
  id: number
  failure: Failure
}

/** Failures of commands, shown until they are dismissed; and what was done where nothing else shows it, for a moment. */
export class Notices {
  list = $state.raw<readonly Notice[]>([])
  readonly brief = new Brief<string>(4000)
  /** How many calls are under way that may take long. */
  working = $state(0)
  #next = 0

  report(error: unknown, more: More = {}): void {
    const failure = failureOf(error)
    // The same failure twice tells nothing new.
    const others = this.list.filter(({ failure: f }) => f.code !== failure.code || f.message !== failure.message)
    this.list = [...others, { id: this.#next++, failure, ...more }]
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  /** Runs a call that may take long: where it does, that is told. */
  async work<T>(call: () => Promise<T>): Promise<T> {
    this.working += 1
    try {
      return await call()
    } finally {
      this.working -= 1
    }
  }

  /** Runs a call and reports its failure; says whether it went well. */
  async guard(call: () => Promise<void>): Promise<boolean> {
    try {
      await call()
      return true
    } catch (error) {
      this.report(error)
      return false
    }
  }
}
