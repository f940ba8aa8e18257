import type { Backend, Draft } from '../backend/backend'
import type { Notices } from './notices.svelte'

/** How long typing pauses before a draft is written. */
const PAUSE = 400

/** What is written and not yet sent, kept by the program; null stands for the conversation to be. */
export class Drafts {
  #texts = new Map<string | null, string>()
  #pending = new Map<string | null, ReturnType<typeof setTimeout>>()
  #backend: Backend
  #notices: Notices

  #kept: boolean
  #writable: () => boolean

  /** What is not `kept` stays in this window, and other windows' drafts stay away from it; so does what is not `writable`. */
  constructor(backend: Backend, notices: Notices, kept = true, writable = () => true) {
    this.#backend = backend
    this.#notices = notices
    this.#kept = kept
    this.#writable = writable
  }

  of(conversation: string | null): string {
    return this.#texts.get(conversation) ?? ''
  }

  async load(): Promise<void> {
    if (!this.#kept) return
    await this.#notices.guard(async () => {
      for (const { conversation, text } of await this.#backend.drafts()) {
        // What was typed before they came is newer.
        if (!this.#texts.has(conversation)) this.#texts.set(conversation, text)
      }
    })
  }

  set(conversation: string | null, text: string): void {
    this.#texts.set(conversation, text)
    if (!this.#kept || !this.#writable()) return
    clearTimeout(this.#pending.get(conversation))
    this.#pending.set(
      conversation,
      setTimeout(() => void this.#write(conversation), PAUSE),
    )
  }

  /** Takes what another window has written; says whether nothing newer is here. */
  adopt({ conversation, text }: Draft): boolean {
    if (!this.#kept || this.#pending.has(conversation)) return false
    this.#texts.set(conversation, text)
    return true
  }

  /** Writes at once what waits for a pause; done once all of it is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#pending.keys()].map((conversation) => this.#write(conversation)))
  }

  #write(conversation: string | null): Promise<unknown> {
    clearTimeout(this.#pending.get(conversation))
    this.#pending.delete(conversation)
    return this.#notices.guard(() => this.#backend.setDraft(conversation, this.of(conversation)))
  }
}
