import { type Backend, type Conversation, type Failure, failureOf } from '../backend/backend'
import type { Notices } from './notices.svelte'

/** The conversation list, the last changed one first. */
export class Conversations {
  list = $state.raw<readonly Conversation[]>([])
  /** Why they could not be listed. */
  failure = $state.raw<Failure | null>(null)
  #backend: Backend
  #notices: Notices

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  async load(): Promise<void> {
    try {
      this.list = await this.#backend.conversations()
      this.failure = null
    } catch (error) {
      this.failure = failureOf(error)
    }
  }

  /** Brings in one that is not listed yet, as another window or program may have begun it just now; false where there is none. */
  async fetch(id: string): Promise<boolean> {
    try {
      this.put((await this.#backend.openConversation(id)).conversation)
    } catch (error) {
      if (failureOf(error).code === 'not_found') return false
      this.#notices.report(error)
    }
    return true
  }

  /** Puts a new or changed conversation in its place. */
  put(conversation: Conversation): void {
    const others = this.list.filter((c) => c.id !== conversation.id)
    const place = others.findIndex((c) => (c.updated ?? 0) <= (conversation.updated ?? 0))
    others.splice(place < 0 ? others.length : place, 0, conversation)
    this.list = others
  }

  forget(id: string): void {
    this.list = this.list.filter((c) => c.id !== id)
  }

  get(id: string): Conversation | null {
    return this.list.find((c) => c.id === id) ?? null
  }

  has(id: string): boolean {
    return this.get(id) !== null
  }

  rename = (id: string, title: string) => this.#change(() => this.#backend.rename(id, title))

  setPinned = (id: string, pinned: boolean) => this.#change(() => this.#backend.setPinned(id, pinned))

  restore = (id: string) => this.#change(() => this.#backend.restoreConversation(id))

  delete(id: string): Promise<boolean> {
    return this.#notices.guard(() => this.#backend.deleteConversation(id))
  }

  #change(call: () => Promise<Conversation>): Promise<boolean> {
    return this.#notices.guard(async () => this.put(await call()))
  }
}
