/** How long it is shown that something was done. */
const SHOWN = 2000

/** What was just done, for as long as that is worth telling. */
export class Brief<T> {
  done = $state.raw<T | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  tell(what: T): void {
    clearTimeout(this.#timer)
    this.done = what
    this.#timer = setTimeout(() => (this.done = null), SHOWN)
  }
}
