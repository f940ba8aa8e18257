/** Asks once typing pauses; answers to what was asked before are forgotten. */
export class Pause {
  #milliseconds: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
  }

  /** Asks after the pause, and hands over the answer if nothing else was asked meanwhile. */
  ask<T>(question: () => Promise<T>, answered: (answer: T) => void): void {
    this.end()
    const asked = this.#asked
    this.#timer = setTimeout(async () => {
      const answer = await question()
      if (asked === this.#asked) answered(answer)
    }, this.#milliseconds)
  }

  /** Waits for nothing any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#asked += 1
  }
}
