import type { Attachment } from 'svelte/attachments'
import type { Backend } from '../backend/backend'
import { sample } from '../prose'

/** Shorter texts tell no language. */
const SHORT = 15
/** What is shown so long is asked about, in milliseconds: what only scrolls by costs nothing. */
const REST = 100
const KEPT = 500

interface Asked {
  text: string
  on: ((language: string | null) => void) | null
}

/** The languages of what people and models wrote, so that a screen reader says each in its own. */
export class Languages {
  #backend: Pick<Backend, 'textLanguages'>
  #known = new Map<string, string | null>()
  #waiting = new Set<Asked>()

  constructor(backend: Pick<Backend, 'textLanguages'>) {
    this.#backend = backend
  }

  /** Tells `on` the language of a text, null where that is not sure, until the function it gives is called. */
  of(whole: string, on: (language: string | null) => void): () => void {
    const text = sample(whole)
    const known = text.length < SHORT ? null : this.#known.get(text)
    if (known !== undefined) {
      on(known)
      return () => undefined
    }
    const asked: Asked = { text, on }
    if (this.#waiting.size === 0) setTimeout(() => void this.#ask(), REST)
    this.#waiting.add(asked)
    return () => {
      asked.on = null
      this.#waiting.delete(asked)
    }
  }

  /** Marks an element with the language of its text. */
  tell(text: string): Attachment<HTMLElement> {
    return (element) => this.of(text, (language) => (language ? element.setAttribute('lang', language) : element.removeAttribute('lang')))
  }

  async #ask(): Promise<void> {
    const asked = [...this.#waiting]
    this.#waiting.clear()
    if (asked.length === 0) return
    // Where they cannot be told, all is said in the language of the page.
    const told = await this.#backend.textLanguages(asked.map(({ text }) => text)).catch(() => [])
    if (this.#known.size > KEPT) this.#known.clear()
    for (const [at, { text, on }] of asked.entries()) {
      const language = told[at] ?? null
      this.#known.set(text, language)
      on?.(language)
    }
  }
}
