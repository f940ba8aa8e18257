import type { Block } from '../backend/backend'
import { fold, type Folded, occurrences, type Span } from '../fold'
import { textOf } from '../plain-text'
import type { ShownMessage } from './message.svelte'

/** Where something stands in a message: in which block, and where in that block's text. */
export interface Place extends Span {
  block: number
}

/** A place in one of several messages. */
export interface Target {
  message: string
  place: Place
}

interface Found {
  message: string
  /** The message's place among the others. */
  index: number
  /** How many places come before those of this message. */
  before: number
  places: readonly Place[]
}

/** The text of each block that was looked through: a block never changes, it is replaced. */
const texts = new WeakMap<Block, Folded>()

/** Finds words in a whole conversation, whether or not a message is on the page. */
export class Find {
  /** Null while it is closed; each time it is asked for is an object of its own. */
  asked = $state.raw<object | null>(null)
  query = $state('')
  /** The message that was read when it was asked for: what comes after it is shown first. */
  from = 0
  /** Whether a place of that message has been scrolled past. */
  passed: (target: Target) => boolean = () => false
  #at = $state(0)
  #messages: () => readonly ShownMessage[]
  #show: (target: Target) => void

  /** `show` brings a place into view. */
  constructor(messages: () => readonly ShownMessage[], show: (target: Target) => void) {
    this.#messages = messages
    this.#show = show
  }

  #found = $derived.by((): ReadonlyMap<string, Found> => {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew each time
    const found = new Map<string, Found>()
    const needle = this.query.trim() === '' || !this.asked ? '' : fold(this.query).text
    if (needle === '') return found
    let before = 0
    for (const [index, { id, view, blocks }] of this.#messages().entries()) {
      const places = view.role === 'system' ? [] : placesIn(blocks, needle)
      if (places.length === 0) continue
      found.set(id, { message: id, index, before, places })
      before += places.length
    }
    return found
  })

  count = $derived([...this.#found.values()].reduce((count, { places }) => count + places.length, 0))

  /** Which of all places is shown, from 0. */
  at = $derived(Math.min(this.#at, Math.max(0, this.count - 1)))

  /** The place that is shown. */
  current = $derived.by((): Target | null => {
    for (const { message, before, places } of this.#found.values()) {
      const place = places[this.at - before]
      if (place) return { message, place }
    }
    return null
  })

  begin(): void {
    this.asked = {}
  }

  close(): void {
    this.asked = null
  }

  search(query: string): void {
    this.query = query
    this.#at = this.#first()
    if (this.current) this.#show(this.current)
  }

  /** Which place is the first at or after what is seen; the first of all where none is. */
  #first(): number {
    for (const { message, index, before, places } of this.#found.values()) {
      if (index < this.from) continue
      const next = index > this.from ? 0 : places.findIndex((place) => !this.passed({ message, place }))
      if (next >= 0) return before + next
    }
    return 0
  }

  /** Goes on to another place, round at the ends. */
  step(by: 1 | -1): void {
    if (this.count === 0) return
    this.#at = (this.at + by + this.count) % this.count
    if (this.current) this.#show(this.current)
  }

  /** The places in a message, in the order of its text. */
  in(message: string): readonly Place[] {
    return this.#found.get(message)?.places ?? []
  }
}

function placesIn(blocks: readonly Block[], needle: string): Place[] {
  const places: Place[] = []
  for (const [block, shown] of blocks.entries()) {
    let text = texts.get(shown)
    if (!text) texts.set(shown, (text = fold(textOf(shown.html))))
    for (const span of occurrences(text, needle)) places.push({ block, ...span })
  }
  return places
}
