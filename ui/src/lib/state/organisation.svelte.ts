import { type AppliedRule, type Backend, type Failure, failureOf, type Organisation as Decided, type Rule, type Settings } from '../backend/backend'
import type { Session } from './session.svelte'

/** What the organisation decides: the program refuses it all the same, so that here it is only shown. */
export class Organisation {
  busy = $state(false)
  failure = $state.raw<Failure | null>(null)
  #backend: Backend
  #session: Session

  constructor(backend: Backend, session: Session) {
    this.#backend = backend
    this.#session = session
  }

  /** The organisation; null where there is none. */
  get decided(): Decided | null {
    return this.#session.status?.organisation ?? null
  }

  /** The first of these rules that applies. */
  rule(...rules: Rule[]): AppliedRule | null {
    return this.decided?.rules.find(({ rule }) => rules.includes(rule)) ?? null
  }

  /** Whether one of these rules applies. */
  has(...rules: Rule[]): boolean {
    return this.rule(...rules) !== null
  }

  fixes(setting: keyof Settings): boolean {
    return this.decided?.settings.includes(setting) ?? false
  }

  /** Whether the organisation decides about what is found in what is sent. */
  get prevents(): boolean {
    return this.decided !== null && this.decided.prevention.length > 0
  }

  /** Whether conversations, or texts of them, can be saved in this format. */
  exports(format: string): boolean {
    if (this.has('no_export')) return false
    const formats = this.rule('export_formats')
    return formats === null || formats.values.includes(format)
  }

  get copies(): boolean {
    return !this.has('no_copy', 'no_clipboard')
  }

  /** Looks for a newer policy. */
  async refresh(): Promise<void> {
    this.busy = true
    this.failure = null
    try {
      await this.#backend.refreshPolicy()
      await this.#session.load()
    } catch (error) {
      this.failure = failureOf(error)
    }
    this.busy = false
  }
}
