import type { Backend, Conversation, MessageState } from '../backend/backend'
import type { Conversations } from './conversations.svelte'
import type { Notices } from './notices.svelte'
import { type Surroundings, Thread } from './thread.svelte'

/** The threads of this window, one of them shown. */
export class Chat implements Surroundings {
  /** How the last answer came on, for those who do not see it. */
  announcement = $state.raw<{ state: MessageState } | null>(null)
  #thread = $state.raw() as Thread
  /** Kept for their drafts and for answers that arrive unseen. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is shown from it
  #threads = new Map<string, Thread>()
  /** The conversation to be, with its draft. */
  #fresh: Thread
  #backend: Backend
  #notices: Notices
  #conversations: Conversations

  constructor(backend: Backend, notices: Notices, conversations: Conversations) {
    this.#backend = backend
    this.#notices = notices
    this.#conversations = conversations
    this.#fresh = this.#make(null)
    this.#thread = this.#fresh
  }

  get thread(): Thread {
    return this.#thread
  }

  startNew(): void {
    this.#switch(this.#fresh)
  }

  async open(id: string, message: string | null = null): Promise<void> {
    const thread = this.#threads.get(id) ?? this.#make(this.#conversations.list.find((c) => c.id === id) ?? null)
    if (thread.conversation === null) {
      await this.#conversations.load()
      return
    }
    this.#threads.set(id, thread)
    this.#switch(thread)
    if (message === null) await thread.load()
    else await thread.selectBranch(message)
    thread.target = message
  }

  async rename(id: string, title: string): Promise<void> {
    if (!(await this.#conversations.rename(id, title))) return
    const thread = this.#threads.get(id)
    if (thread) thread.conversation = this.#conversations.list.find((c) => c.id === id) ?? thread.conversation
  }

  async delete(id: string): Promise<void> {
    if (!(await this.#conversations.delete(id))) return
    if (this.#thread.id === id) this.#switch(this.#fresh)
    this.#threads.delete(id)
  }

  changed(thread: Thread, conversation: Conversation): void {
    if (thread === this.#fresh) {
      this.#threads.set(conversation.id, thread)
      this.#fresh = this.#make(null)
    } else if (!this.#threads.has(conversation.id)) {
      // It was deleted while its answer arrived.
      return
    }
    this.#conversations.put(conversation)
  }

  announced(state: MessageState): void {
    this.announcement = { state }
  }

  #switch(thread: Thread): void {
    if (thread === this.#thread) return
    this.#thread.unload()
    this.#thread = thread
  }

  #make(conversation: Conversation | null): Thread {
    return new Thread(this.#backend, this.#notices, this, conversation)
  }
}
