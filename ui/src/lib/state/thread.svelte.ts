import { tick } from 'svelte'
import { SvelteSet } from 'svelte/reactivity'
import { begun } from '../answer'
import { CommandError, failureOf } from '../backend/backend'
import type { AnswerEvent, Asked, Backend, Conversation, Failure, Found, Listener, MessageState, MessageView, StagedFile, SummaryChoices, ThreadView } from '../backend/backend'
import { Composer } from './composer.svelte'
import type { Drafts } from './drafts'
import { Find, type Hit, type Place } from './find.svelte'
import { ShownMessage } from './message.svelte'
import type { Notices } from './notices.svelte'

/** How long the last events of an answer may lag behind its command. */
const LAG = 2000

/** What is shown beside the conversation: the page of a document with a passage, or a document from its first page on. */
export type Reading = ({ passage: string } | { document: string }) & {
  /** Where the focus goes back to. */
  opener: HTMLElement | null
}

/** Something that was not sent because of what it holds. */
export interface Held {
  failure: Failure
  /** Looks what of it must not go, where that can be known. */
  look: (() => Promise<readonly Found[]>) | null
  /** Sends it as it is; none where it must not go. */
  confirm: (() => Promise<void>) | null
}

/** What a thread tells those around it. */
export interface Surroundings {
  /** Whether a conversation to be is temporary unless the person says otherwise. */
  readonly usuallyTemporary: boolean
  /** The folder of a conversation to be. */
  readonly folder: string | null
  /** The thread's conversation is new or has changed. */
  changed(thread: Thread, conversation: Conversation): void
  /** A question was answered by a second model too. */
  answeredTwice(thread: Thread, second: ShownMessage): void
  /** An answer of the thread has begun (`streaming`) or ended, after so long. */
  announced(thread: Thread, state: MessageState, milliseconds?: number | null): void
}

/** One conversation on the screen: its shown branch, what is written for it, and its answer in flight. */
export class Thread {
  conversation = $state.raw<Conversation | null>(null)
  messages = $state.raw<readonly ShownMessage[]>([])
  readonly composer: Composer
  readonly find: Find
  /** The model chosen here; null leaves it to the conversation. */
  chosenModel = $state<string | null>(null)
  /** The model that answers each question too, after the first; null asks one only. */
  secondModel = $state<string | null>(null)
  /** Why its messages could not be read. */
  failure = $state.raw<Failure | null>(null)
  /** The question that is being edited, as far as it has come. */
  editing = $state.raw<{ message: string; text: string } | null>(null)
  /** The tables of which a chart is shown: each by its message and where it begins. */
  readonly charts = new SvelteSet<string>()
  /** The message to bring into view, or a place in it; each time it is asked for is an object of its own. */
  target = $state.raw<(Hit & { place?: Place }) | null>(null)
  /** What is read beside it; each time that it is asked for is an object of its own. */
  reading = $state.raw<Reading | null>(null)
  /** What was not sent because of what it holds, while the person is told. */
  held = $state.raw<Held | null>(null)
  /** Its messages are being read for the first time, or another branch of them. */
  switching = $state(false)
  /** What was just added comes before what was shown. */
  prepending = $state(false)
  /** A command of ours that brings an answer is under way. */
  #asking = $state(false)
  #stopWanted = $state(false)
  #begun = false
  /** Messages that are not shown come before the answer: another window has added them. */
  #gap = false
  /** The summary that went on by itself: where that fails, it waits for the person. */
  #resumed: string | null = null
  /** Counts what decides which messages are shown: the result of an older reading is not shown any more. */
  #turn = 0
  /** Counts the readings alone: the rest of one is shown although a question was asked meanwhile. */
  #reading = 0
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
    this.composer = new Composer(
      backend,
      drafts,
      () => this.id,
      () => ({ settled: this.conversation?.temporary ?? null, usual: around.usuallyTemporary }),
    )
    this.find = new Find(
      () => this.messages,
      (target) => (this.target = target),
      () => this.target,
    )
  }

  /** Whether nothing of it is or will be written to disk. */
  get temporary(): boolean {
    return this.composer.temporary
  }

  get id(): string | null {
    return this.conversation?.id ?? null
  }

  /** Whether a message is one of those that are shown. */
  has(message: string): boolean {
    return this.messages.some(({ id }) => id === message)
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

  /** Whether nothing can be asked, nor another branch shown, right now. */
  get busy(): boolean {
    return this.answering || this.switching
  }

  /** Whether the answer is to stop, and has not yet. */
  get stopping(): boolean {
    return this.#asking && this.#stopWanted
  }

  async load(): Promise<void> {
    const id = this.id
    if (id === null || this.#asking) return
    const fresh = this.messages.length === 0
    await this.#read((on) => this.#backend.openConversation(id, on), fresh)
    this.#resume()
  }

  /** Lets go of the messages of a thread that is no longer shown; what is written for it stays. */
  unload(): void {
    this.target = null
    this.reading = null
    this.find.close()
    if (this.#asking) return
    this.#turn += 1
    this.#reading += 1
    this.switching = false
    this.messages = []
  }

  async selectBranch(message: string): Promise<void> {
    if (this.#asking) return
    await this.#read(() => this.#backend.selectBranch(message), true)
  }

  /** Sends what is written. It stays where it is, with the reason, if it did not go out. */
  send = (): Promise<void> => this.#send(this.composer.text, this.composer.files, null)

  /** Asks for a summary of these files, in these words; what is written, and other files, stay for the next question. */
  summarise = (text: string, files: readonly StagedFile[], choices: SummaryChoices): Promise<void> => this.#send(text, files, choices)

  async #send(text: string, files: readonly StagedFile[], summary: SummaryChoices | null): Promise<void> {
    const { composer, id } = this
    const question = { ...this.asked, text, files: files.map((f) => f.id), summary }
    composer.unsent = null
    let begun = false
    await this.#ask(
      async (on, confirmed) => {
        try {
          await this.#backend.send({ ...question, confirmed }, on)
        } catch (error) {
          if (begun || isHeld(failureOf(error))) throw error
          composer.unsent = failureOf(error)
        }
      },
      () => {
        begun = true
        composer.sent(text, files, id)
        if (summary) composer.focus = ''
      },
      question,
    )
  }

  /** Sends the question that is being edited; it stays as it is if it did not go out. */
  edit = async (): Promise<void> => {
    const { editing, chosenModel } = this
    if (!editing) return
    await this.#ask(
      (on, confirmed) => this.#backend.edit(editing.message, editing.text, chosenModel, confirmed, on),
      () => (this.editing = null),
    )
  }

  /** Answers again, with another model where one is named. */
  regenerate = (message: string, model = this.chosenModel) =>
    this.#ask((on, confirmed) => this.#backend.regenerate(message, model, confirmed, on))

  continueAnswer = (message: string) =>
    this.#ask((on, confirmed) => this.#backend.continueAnswer(message, confirmed, on))

  /** Goes on with a summary that its program did not live to finish. */
  #resume(): void {
    const last = this.messages.at(-1)
    if (!last?.view.resumes || last.id === this.#resumed) return
    this.#resumed = last.id
    void this.#ask(async (on, confirmed) => {
      try {
        await this.#backend.continueAnswer(last.id, confirmed, on)
      } catch (error) {
        // Another window was first; it arrives there.
        if (failureOf(error).code !== 'busy') throw error
      }
    })
  }

  /** What would be sent for what is written. */
  get asked(): Asked {
    const { composer, id } = this
    const folder = composer.temporary ? null : this.#around.folder
    const files = composer.files.map((f) => f.id)
    return { conversation: id, text: composer.text, model: this.chosenModel, files, temporary: composer.temporary, folder, summary: null, confirmed: false }
  }

  /** Stops the answer, or as soon as it begins where it has not yet. */
  async stop(): Promise<void> {
    if (!this.#asking) return
    this.#stopWanted = true
    const id = this.id
    if (id === null || !this.#begun) return
    if (!(await this.#notices.guard(() => this.#backend.stop(id)))) this.#stopWanted = false
  }

  /**
   * Shows what a call reads, unless something newer is to be shown by then. Where nothing is shown yet, its end is shown
   * as soon as that is there.
   */
  async #read(call: (on?: (part: ThreadView) => void) => Promise<ThreadView>, switching: boolean): Promise<void> {
    this.#turn += 1
    this.#reading += 1
    const [turn, reading] = [this.#turn, this.#reading]
    this.switching ||= switching
    this.failure = null
    /** How many messages the end has that is shown already. */
    let ended = 0
    const show = (view: ThreadView) => {
      if (turn !== this.#turn) return
      this.conversation = view.conversation
      this.messages = view.messages.map((message) => new ShownMessage(message))
      this.switching = false
    }
    const take = (part: ThreadView) => {
      if (ended > 0) return
      ended = part.messages.length
      show(part)
    }
    try {
      const view = await call(this.messages.length === 0 ? take : undefined)
      // All that comes before the end at once: the list moves what is read at most one time.
      if (ended > 0) this.#prepend(view.messages.slice(0, -ended), reading)
      else show(view)
    } catch (error) {
      if (turn !== this.#turn) return
      if (this.messages.length === 0) this.failure = failureOf(error)
      else this.#notices.report(error)
      this.switching = false
    }
  }

  /** Shows what comes before the first message that is shown, whatever has come after the last one meanwhile. */
  #prepend(messages: readonly MessageView[], reading: number): void {
    const [first] = this.messages
    if (reading !== this.#reading || !first || messages.length === 0 || first.parent !== messages.at(-1)?.id) return
    this.prepending = true
    this.messages = [...messages.map((message) => new ShownMessage(message)), ...this.messages]
    void tick().then(() => (this.prepending = false))
  }

  async #ask(
    call: (on: Listener, confirmed: boolean) => Promise<void>,
    begun?: () => void,
    question: Asked | null = null,
    confirmed = false,
  ): Promise<void> {
    if (this.busy) return
    this.held = null
    this.#asking = true
    this.#begun = false
    this.#gap = false
    this.#stopWanted = false
    this.#turn += 1
    this.target = null
    const ended = new Promise<true>((resolve) => {
      this.#ended = () => resolve(true)
    })
    const on: Listener = (event) => {
      this.#apply(event)
      if (event.type === 'started') begun?.()
    }
    let held: Held | null = null
    const answered = await this.#notices.guard(async () => {
      try {
        await call(on, confirmed)
      } catch (error) {
        const failure = failureOf(error)
        if (this.#begun || !isHeld(failure)) throw error
        const confirm = failure.code === 'prevented' ? null : () => this.#ask(call, begun, question, true)
        const look = question && (async () => (await this.#backend.preview(question)).found)
        held = { failure, look, confirm }
      }
    })
    const waits = answered && this.composer.unsent === null && held === null
    const complete = waits && (await Promise.race([ended, lag()]))
    this.#ended = null
    this.#asking = false
    this.held = held
    // The history has what the events did not bring.
    if (waits && (!complete || this.#gap)) await this.load()
    if (waits && question?.summary === null) await this.#askSecond()
  }

  /** Has the question that was just answered whole answered by the second model too, where there is one. */
  async #askSecond(): Promise<void> {
    const first = this.messages.at(-1)
    if (this.secondModel === null || this.#stopWanted || first?.view.state !== 'complete') return
    await this.regenerate(first.id, this.secondModel)
    const second = this.messages.at(-1)
    if (!second || second.id === first.id) return
    if (second.view.state === 'complete') this.#around.answeredTwice(this, second)
    // The answer that there is stays in sight; the other is the version beside it.
    else if (second.view.failure) {
      const { failure } = second.view
      await this.selectBranch(first.id)
      this.#notices.report(new CommandError(failure))
    }
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
      this.#around.announced(this, event.message.state, event.message.milliseconds)
      this.#ended?.()
    }
  }

  #begin({ conversation, question, answer }: Extract<AnswerEvent, { type: 'started' }>): void {
    const { parent } = question ?? answer
    this.#begun = true
    this.#gap = parent !== null && !this.has(parent)
    this.messages = begun(this.messages, question && new ShownMessage(question), new ShownMessage(answer))
    this.#change(conversation)
    this.#around.announced(this, 'streaming')
    if (this.#stopWanted) void this.stop()
  }

  #change(conversation: Conversation): void {
    this.conversation = conversation
    this.#around.changed(this, conversation)
  }
}

/** Whether something was kept back because of what it holds. */
export function isHeld({ code }: Failure): boolean {
  return code === 'prevented' || code === 'confirmation_needed'
}

function lag(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), LAG))
}
