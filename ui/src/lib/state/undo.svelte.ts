/** How long a deletion can be taken back at a glance; the notice waits while it is pointed at. */
const OFFERED = 12_000

/** The last deletion, while it can be taken back. */
export class Undo {
  offer = $state.raw<{ title: string; undo: () => Promise<void> } | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  make(title: string, undo: () => Promise<void>): void {
    this.offer = { title, undo }
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
