/** What was just done, for as long as that is worth telling. */
export class Brief<T> {
  done = $state.raw<T | null>(null)
  readonly #shown: number
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `shown` is how long it is told, in milliseconds. */
  constructor(shown = 2000) {
    this.#shown = shown
  }

  tell(what: T): void {
    clearTimeout(this.#timer)
    this.done = what
    this.#timer = setTimeout(() => (this.done = null), this.#shown)
  }
}
