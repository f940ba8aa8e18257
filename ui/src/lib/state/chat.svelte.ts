import type { Backend, Conversation, Draft, MessageState } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Conversations } from './conversations.svelte'
import type { Drafts } from './drafts'
import type { Notices } from './notices.svelte'
import type { Preferences } from './preferences.svelte'
import { type Surroundings, Thread } from './thread.svelte'
import type { Undo } from './undo.svelte'

/** An answer that took this many milliseconds is told of where the person looks elsewhere. */
const LONG = 10_000

/** The threads of this window, one of them shown. */
export class Chat implements Surroundings {
  /** How the last answer came on, for those who do not see it. */
  announcement = $state.raw<{ state: MessageState } | null>(null)
  /** The temporary conversations, which are in this window only, the newest first. */
  temporary = $state.raw<readonly Conversation[]>([])
  #thread = $state.raw() as Thread
  /** Kept for their drafts and for answers that arrive unseen. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is shown from it
  #threads = new Map<string, Thread>()
  /** The conversation to be, with its draft. */
  #fresh: Thread
  /** Counts where the person went: what is opened late is not shown over what they went to since. */
  #moves = 0
  #backend: Backend
  #notices: Notices
  #conversations: Conversations
  #drafts: Drafts
  #undo: Undo
  #preferences: Preferences

  constructor(
    backend: Backend,
    notices: Notices,
    conversations: Conversations,
    drafts: Drafts,
    undo: Undo,
    preferences: Preferences,
  ) {
    this.#preferences = preferences
    this.#backend = backend
    this.#notices = notices
    this.#conversations = conversations
    this.#drafts = drafts
    this.#undo = undo
    this.#fresh = this.#make(null)
    this.#thread = this.#fresh
  }

  get usuallyTemporary(): boolean {
    return this.#preferences.current.temporary
  }

  get thread(): Thread {
    return this.#thread
  }

  async loadDrafts(): Promise<void> {
    await this.#drafts.load()
    for (const thread of [this.#fresh, ...this.#threads.values()]) {
      if (thread.composer.text === '') thread.composer.recall()
    }
  }

  startNew(temporary = false): void {
    this.#toFresh()
    if (temporary) this.#fresh.composer.temporary = true
  }

  async open(id: string, message: string | null = null): Promise<void> {
    this.#moves += 1
    const move = this.#moves
    if (!this.#threads.has(id) && !this.#conversations.has(id)) {
      if (!(await this.#conversations.fetch(id))) this.#notices.brief.tell(m.conversation_gone())
      if (!this.#conversations.has(id) || move !== this.#moves) return
    }
    const thread = this.#threads.get(id) ?? this.#make(this.#conversations.get(id))
    this.#threads.set(id, thread)
    this.#switch(thread)
    thread.target = message === null ? null : { message }
    if (message === null) await thread.load()
    else await thread.selectBranch(message)
  }

  async rename(id: string, title: string): Promise<void> {
    if (await this.#conversations.rename(id, title)) this.#refresh(id)
  }

  async setPinned(id: string, pinned: boolean): Promise<void> {
    if (await this.#conversations.setPinned(id, pinned)) this.#refresh(id)
  }

  /** Deletes, and offers to take that back. */
  async delete(id: string, title = ''): Promise<void> {
    const thread = this.#threads.get(id)
    const shown = this.#thread.id === id
    if (!(await this.#conversations.delete(id))) return
    this.removed(id)
    this.#undo.make(title, async () => {
      if (!(await this.#conversations.restore(id))) return
      if (thread) this.#threads.set(id, thread)
      if (shown) await this.open(id)
    })
  }

  changed(thread: Thread, conversation: Conversation): void {
    if (thread === this.#fresh) {
      this.#threads.set(conversation.id, thread)
      this.#fresh = this.#make(null)
    } else if (!this.#threads.has(conversation.id)) {
      // It was deleted while its answer arrived.
      return
    }
    this.#put(conversation)
  }

  announced(thread: Thread, state: MessageState, milliseconds?: number | null): void {
    if (thread === this.#thread) this.announcement = { state }
    if ((milliseconds ?? 0) < LONG || document.hasFocus()) return
    // A notification that cannot be shown is no failure of the answer.
    this.#backend.notify(state === 'complete' ? m.notify_complete() : m.notify_ended()).catch(() => {})
  }

  /** A conversation was begun or changed, here or elsewhere. */
  received(conversation: Conversation): void {
    this.#put(conversation)
    const thread = this.#threads.get(conversation.id)
    if (!thread) return
    const moved = thread.conversation?.leaf !== conversation.leaf
    thread.conversation = conversation
    if (moved && thread === this.#thread) void thread.load()
  }

  /** A conversation is gone, here or elsewhere. */
  removed(id: string): void {
    this.#conversations.forget(id)
    this.temporary = this.temporary.filter((c) => c.id !== id)
    this.#threads.delete(id)
    if (this.#thread.id === id) this.#toFresh()
  }

  /** Another window has written a draft. */
  drafted(draft: Draft): void {
    if (!this.#drafts.adopt(draft)) return
    const thread = draft.conversation === null ? this.#fresh : this.#threads.get(draft.conversation)
    if (thread && !thread.composer.temporary) thread.composer.recall()
  }

  /** What has been sent since the conversation to be was made is no draft of it. */
  #toFresh(): void {
    if (!this.#fresh.composer.temporary) this.#fresh.composer.recall()
    this.#switch(this.#fresh)
  }

  #put(conversation: Conversation): void {
    if (!conversation.temporary) this.#conversations.put(conversation)
    else this.temporary = [conversation, ...this.temporary.filter((c) => c.id !== conversation.id)]
  }

  #refresh(id: string): void {
    const thread = this.#threads.get(id)
    if (thread) thread.conversation = this.#conversations.get(id) ?? thread.conversation
  }

  #switch(thread: Thread): void {
    this.#moves += 1
    if (thread === this.#thread) return
    this.#drafts.flush()
    this.#thread.unload()
    this.#thread = thread
  }

  #make(conversation: Conversation | null): Thread {
    return new Thread(this.#backend, this.#notices, this.#drafts, this, conversation)
  }
}
