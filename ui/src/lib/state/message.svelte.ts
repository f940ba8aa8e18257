import { patched } from '../answer'
import type { AnswerEvent, Block, MessageView, SummaryProgress } from '../backend/backend'
import { inPace } from '../pace'

/** What grows while a message arrives. */
interface Text {
  blocks: readonly Block[]
  reasoning: string
}

/** A message on the screen. While it arrives, its blocks and reasoning run ahead of its view. */
export class ShownMessage {
  readonly id: string
  readonly parent: string | null
  view: MessageView = $state.raw() as MessageView
  blocks = $state.raw<readonly Block[]>([])
  reasoning = $state('')
  /** The language that it is written in; null until it is known, and where that is not sure. */
  language = $state<string | null>(null)
  /** Whether its reasoning is unfolded; it stays so while the message is scrolled out of sight. */
  unfolded = $state(false)
  /** How far it has come, where it is a summary that is made part by part. */
  progress = $state.raw<SummaryProgress | null>(null)
  /** Nothing of it has come since it is here. */
  waiting = $state(true)
  /** How many of the oldest messages the model did not get to read. */
  dropped = $state(0)
  /** The blocks and the reasoning as they are by now, from when they have come until they are shown. */
  #next: Text | null = null

  constructor(view: MessageView) {
    this.id = view.id
    this.parent = view.parent
    this.view = view
    this.blocks = view.blocks
    this.reasoning = view.reasoning
  }

  /** Whether it ended before its end, and can go on. */
  get continues(): boolean {
    const { state, text } = this.view
    return state === 'stopped' || state === 'interrupted' || (state === 'failed' && text !== '')
  }

  apply(event: Exclude<AnswerEvent, { type: 'started' }>): void {
    switch (event.type) {
      case 'patch':
        // The notes on the parts are in view for as long as there is nothing else.
        if (this.progress && (this.#next ?? this).blocks.length === 0) this.unfolded = false
        this.#take({ blocks: patched((this.#next ?? this).blocks, event.first_block, event.blocks) })
        break
      case 'reasoning':
        this.#take({ reasoning: (this.#next ?? this).reasoning + event.text })
        break
      case 'dropped':
        this.dropped = event.count
        break
      case 'progress':
        if (!this.progress) this.unfolded = this.blocks.length === 0
        this.progress = event.progress
        break
      case 'ended':
        this.#show()
        // Its blocks are empty: the patches have brought them.
        this.view = event.message
        this.reasoning = event.message.reasoning
        break
    }
  }

  #take(change: Partial<Text>): void {
    const { blocks, reasoning } = this.#next ?? this
    this.waiting = false
    this.#next = { blocks, reasoning, ...change }
    inPace(this.#show)
  }

  #show = () => {
    if (this.#next) ({ blocks: this.blocks, reasoning: this.reasoning } = this.#next)
    this.#next = null
  }
}
