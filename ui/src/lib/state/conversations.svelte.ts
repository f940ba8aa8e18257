import type { Backend, Conversation } from '../backend/backend'
import type { Notices } from './notices.svelte'

/** The conversation list, the last changed one first. */
export class Conversations {
  list = $state.raw<readonly Conversation[]>([])
  #backend: Backend
  #notices: Notices

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  load(): Promise<boolean> {
    return this.#notices.guard(async () => {
      this.list = await this.#backend.conversations()
    })
  }

  /** Puts a new or changed conversation in its place. */
  put(conversation: Conversation): void {
    const others = this.list.filter((c) => c.id !== conversation.id)
    this.list = [...others, conversation].sort((a, b) => (b.updated ?? 0) - (a.updated ?? 0))
  }

  has(id: string): boolean {
    return this.list.some((c) => c.id === id)
  }

  rename(id: string, title: string): Promise<boolean> {
    return this.#notices.guard(async () => this.put(await this.#backend.rename(id, title)))
  }

  delete(id: string): Promise<boolean> {
    return this.#notices.guard(async () => {
      await this.#backend.deleteConversation(id)
      this.list = this.list.filter((c) => c.id !== id)
    })
  }
}
