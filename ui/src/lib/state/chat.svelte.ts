import { type Backend, type Conversation, type Draft, failureOf, type MessageState } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Conversations } from './conversations.svelte'
import type { Drafts } from './drafts'
import type { Layers } from './layers.svelte'
import type { ShownMessage } from './message.svelte'
import type { Notices } from './notices.svelte'
import type { Preferences } from './preferences.svelte'
import type { Session } from './session.svelte'
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
  #session: Session
  #layers: Layers

  constructor(
    backend: Backend,
    notices: Notices,
    conversations: Conversations,
    drafts: Drafts,
    undo: Undo,
    preferences: Preferences,
    session: Session,
    layers: Layers,
  ) {
    this.#layers = layers
    this.#session = session
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

  /** Where a new conversation belongs: to the folder that is listed. */
  get folder(): string | null {
    const { view } = this.#conversations
    return view.type === 'folder' ? view.folder : null
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
    const { composer } = this.#fresh
    if (temporary) composer.temporary = true
    // A temporary one was asked for before, and nothing came of it.
    else if (composer.empty) composer.asUsual()
  }

  /** Shows a conversation or a new one, with the model that was chosen in it. */
  async comeBack(id: string | null, model: string | null): Promise<void> {
    if (id !== null) await this.open(id, null, undefined, model)
    else {
      this.startNew()
      if (model !== null) this.#fresh.chosenModel = model
    }
  }

  /** Shows a conversation, and in it a message with the words that were searched for; `model` is chosen in it. */
  async open(id: string, message: string | null = null, words?: readonly string[], model: string | null = null): Promise<void> {
    this.#moves += 1
    const move = this.#moves
    let thread = this.#threads.get(id)
    if (!thread) {
      const conversation = this.#conversations.get(id) ?? (await this.#find(id))
      if (conversation === null || move !== this.#moves) return
      thread = this.#threads.get(id) ?? this.#make(conversation)
    }
    this.#threads.set(id, thread)
    this.#switch(thread)
    // At once: what is written there can be sent before all of it is read.
    if (model !== null) thread.chosenModel = model
    thread.target = message === null ? null : { message, words }
    // To show another branch is a change, which a damaged history does not take.
    if (message === null || this.#session.damaged) await thread.load()
    else await thread.selectBranch(message)
    const missing = message !== null && thread === this.#thread && thread.failure === null && !thread.has(message)
    if (missing && this.#session.damaged) this.#notices.brief.tell(m.damaged_version())
  }

  rename(id: string, title: string): Promise<boolean> {
    return this.#change(() => this.#backend.rename(id, title))
  }

  setPinned(id: string, pinned: boolean): Promise<boolean> {
    return this.#change(() => this.#backend.setPinned(id, pinned))
  }

  /** Deletes, and offers to take that back. */
  async delete(conversations: readonly Conversation[]): Promise<boolean> {
    const ids = conversations.map(({ id }) => id)
    const threads = ids.flatMap((id) => this.#threads.get(id) ?? [])
    const shown = ids.find((id) => id === this.#thread.id)
    if (!(await this.#notices.guard(() => this.#backend.deleteConversations(ids)))) return false
    for (const id of ids) this.removed(id)
    this.#undo.make(deletedText(conversations), () =>
      this.#notices.guard(async () => {
        for (const conversation of await this.#backend.restoreConversations(ids)) this.#put(conversation)
        for (const thread of threads) if (thread.id !== null) this.#threads.set(thread.id, thread)
        if (shown !== undefined) await this.open(shown)
      }),
    )
    return true
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

  /** Shown beside each other, unless the person is elsewhere by then. */
  answeredTwice(thread: Thread, answer: ShownMessage): void {
    if (thread === this.#thread && this.#layers.shown === null) this.#layers.open({ name: 'compare', thread, answer })
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

  #change(call: () => Promise<Conversation>): Promise<boolean> {
    return this.#notices.guard(async () => this.received(await call()))
  }

  /** One that is not listed, as another window may have begun it just now, or as it is far down; null where there is none. */
  async #find(id: string): Promise<Conversation | null> {
    try {
      const conversation = await this.#backend.conversation(id)
      this.#put(conversation)
      return conversation
    } catch (error) {
      if (failureOf(error).code === 'not_found') this.#notices.brief.tell(m.conversation_gone())
      else this.#notices.report(error)
      return null
    }
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

function deletedText(conversations: readonly Conversation[]): string {
  const [first] = conversations
  if (!first || conversations.length > 1) return m.deleted_many({ count: conversations.length })
  return m.deleted({ title: first.title || m.conversation_untitled() })
}
