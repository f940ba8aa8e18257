/** How long what was done can be taken back at a glance; the notice waits while it is pointed at. */
const OFFERED = 12_000

/** What was done last, while it can be taken back. */
export class Undo {
  offer = $state.raw<{ text: string; undo: () => Promise<unknown> } | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `text` says what was done. */
  make(text: string, undo: () => Promise<unknown>): void {
    this.offer = { text, undo }
    this.resume()
  }

  take = async (): Promise<void> => {
    const { offer } = this
    this.dismiss()
    await offer?.undo()
  }

  dismiss = (): void => {
    clearTimeout(this.#timer)
    this.offer = null
  }

  pause = (): void => clearTimeout(this.#timer)

  resume = (): void => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.dismiss, OFFERED)
  }
}
