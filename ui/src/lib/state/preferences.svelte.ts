import { type Backend, type Failure, failureOf, type Settings } from '../backend/backend'

/** The person's settings: a change shows at once, and is taken back if it cannot be kept. */
export class Preferences {
  current = $state.raw<Settings>({
    language: null,
    theme: 'system',
    density: 'comfortable',
    text_size: 100,
    speech_rate: 100,
    enter_sends: true,
    model: null,
    notify: true,
    quick_keys: 'CommandOrControl+Shift+Space',
    background: false,
    temporary: false,
    model_titles: true,
    keep_originals: false,
    lock_minutes: 0,
    lock_with_system: true,
  })
  failure = $state.raw<Failure | null>(null)
  #backend: Backend
  /** What the program holds, for a change that fails. */
  #kept: Settings = this.current
  #changes = 0

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Takes what the program has told. */
  adopt(settings: Settings): void {
    this.#kept = settings
    this.current = settings
  }

  async change(fields: Partial<Settings>): Promise<void> {
    this.#changes += 1
    const change = this.#changes
    this.current = { ...this.current, ...fields }
    this.failure = null
    try {
      this.#kept = await this.#backend.setSettings(this.current)
    } catch (error) {
      this.failure = failureOf(error)
    }
    // What was changed meanwhile is on its way.
    if (change === this.#changes) this.current = this.#kept
  }
}
