import { begun } from '../answer'
import { failureOf } from '../backend/backend'
import type { AnswerEvent, Backend, Conversation, Listener, MessageState, ThreadView } from '../backend/backend'
import { Composer } from './composer.svelte'
import type { Drafts } from './drafts'
import { ShownMessage } from './message.svelte'
import type { Notices } from './notices.svelte'

/** How long the last events of an answer may lag behind its command. */
const LAG = 2000

/** What a thread tells those around it. */
export interface Surroundings {
  /** The thread's conversation is new or has changed. */
  changed(thread: Thread, conversation: Conversation): void
  /** An answer has begun (`streaming`) or ended. */
  announced(state: MessageState): void
}

/** One conversation on the screen: its shown branch, what is written for it, and its answer in flight. */
export class Thread {
  conversation = $state.raw<Conversation | null>(null)
  messages = $state.raw<readonly ShownMessage[]>([])
  readonly composer: Composer
  /** The model chosen here; null leaves it to the conversation. */
  chosenModel = $state<string | null>(null)
  loading = $state(false)
  /** The question that is being edited. */
  editing = $state<string | null>(null)
  /** The message to bring into view. */
  target = $state<string | null>(null)
  /** A command of ours that brings an answer is under way. */
  #asking = $state(false)
  #stopWanted = false
  #ended: (() => void) | null = null
  #backend: Backend
  #notices: Notices
  #around: Surroundings

  constructor(
    backend: Backend,
    notices: Notices,
    drafts: Drafts,
    around: Surroundings,
    conversation: Conversation | null,
  ) {
    this.#backend = backend
    this.#notices = notices
    this.#around = around
    this.conversation = conversation
    this.composer = new Composer(backend, drafts, () => this.id)
  }

  /** Whether nothing of it is or will be written to disk. */
  get temporary(): boolean {
    return this.conversation?.temporary ?? this.composer.temporary
  }

  get id(): string | null {
    return this.conversation?.id ?? null
  }

  get model(): string | null {
    return this.chosenModel ?? this.conversation?.model ?? null
  }

  /** Whether an answer is asked for or arriving, for this window or another. */
  get answering(): boolean {
    return this.#asking || this.messages.at(-1)?.view.state === 'streaming'
  }

  /** Whether an answer arrives that some other window or program asked for. */
  get answeredElsewhere(): boolean {
    return this.answering && !this.#asking
  }

  async load(): Promise<void> {
    const id = this.id
    if (id === null || this.#asking) return
    this.loading = this.messages.length === 0
    await this.#notices.guard(async () => this.#show(await this.#backend.openConversation(id)))
    this.loading = false
  }

  /** Lets go of the messages of a thread that is no longer shown; the draft stays. */
  unload(): void {
    if (!this.#asking) this.messages = []
    this.editing = null
    this.target = null
  }

  async selectBranch(message: string): Promise<void> {
    if (this.#asking) return
    await this.#notices.guard(async () => this.#show(await this.#backend.selectBranch(message)))
  }

  /** Sends what is written. It stays where it is, with the reason, if it did not go out. */
  send = async (): Promise<void> => {
    const { composer, id } = this
    const { text, files, temporary } = composer
    const question = { conversation: id, text, model: this.chosenModel, files: files.map((f) => f.id), temporary }
    composer.unsent = null
    let begun = false
    await this.#ask(
      async (on) => {
        try {
          await this.#backend.send(question, on)
        } catch (error) {
          if (begun) throw error
          composer.unsent = failureOf(error)
        }
      },
      () => {
        begun = true
        composer.sent(text, files, id)
      },
    )
  }

  edit = (message: string, text: string) =>
    this.#ask((on) => this.#backend.edit(message, text, this.chosenModel, on))

  /** Answers again, with another model where one is named. */
  regenerate = (message: string, model = this.chosenModel) =>
    this.#ask((on) => this.#backend.regenerate(message, model, on))

  continueAnswer = (message: string) => this.#ask((on) => this.#backend.continueAnswer(message, on))

  async stop(): Promise<void> {
    const id = this.id
    // Before the answer has begun there is nothing to stop yet.
    if (id === null) this.#stopWanted = this.#asking
    else await this.#notices.guard(() => this.#backend.stop(id))
  }

  async #ask(call: (on: Listener) => Promise<void>, begun?: () => void): Promise<void> {
    if (this.answering) return
    this.#asking = true
    this.#stopWanted = false
    const ended = new Promise<true>((resolve) => {
      this.#ended = () => resolve(true)
    })
    const answered = await this.#notices.guard(() =>
      call((event) => {
        this.#apply(event)
        if (event.type === 'started') begun?.()
      }),
    )
    const waits = answered && this.composer.unsent === null
    const complete = waits && (await Promise.race([ended, lag()]))
    this.#ended = null
    this.#asking = false
    // The history has what the events did not bring.
    if (waits && !complete) await this.load()
  }

  #apply(event: AnswerEvent): void {
    if (event.type === 'started') {
      this.#begin(event)
      return
    }
    const id = event.type === 'ended' ? event.message.id : event.message
    this.messages.find((message) => message.id === id)?.apply(event)
    if (event.type === 'ended') {
      this.#change(event.conversation)
      this.#around.announced(event.message.state)
      this.#ended?.()
    }
  }

  #begin({ conversation, question, answer }: Extract<AnswerEvent, { type: 'started' }>): void {
    this.editing = null
    this.messages = begun(this.messages, question && new ShownMessage(question), new ShownMessage(answer))
    this.#change(conversation)
    this.#around.announced('streaming')
    if (this.#stopWanted) void this.stop()
  }

  #change(conversation: Conversation): void {
    this.conversation = conversation
    this.#around.changed(this, conversation)
  }

  #show(view: ThreadView): void {
    this.conversation = view.conversation
    this.messages = view.messages.map((message) => new ShownMessage(message))
  }
}

function lag(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), LAG))
}
