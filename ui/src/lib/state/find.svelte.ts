import type { Block } from '../backend/backend'
import { fold, type Folded, isWhole, occurrences, type Span } from '../fold'
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

/** The words of a message that a search over all conversations has found. */
export interface Hit {
  message: string
  words?: readonly string[] | undefined
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
  #hit: () => Hit | null

  /** `show` brings a place into view; `hit` is what a search led here for. */
  constructor(messages: () => readonly ShownMessage[], show: (target: Target) => void, hit: () => Hit | null = () => null) {
    this.#messages = messages
    this.#show = show
    this.#hit = hit
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

  /** Where the words of the hit stand, until something is looked for here. */
  #searched = $derived.by((): { message: string; places: readonly Place[] } | null => {
    const hit = this.asked ? null : this.#hit()
    const shown = hit && this.#messages().find(({ id }) => id === hit.message)
    if (!hit || !shown) return null
    const places = (hit.words ?? []).flatMap((word) => placesIn(shown.blocks, fold(word).text, true))
    return { message: hit.message, places: places.toSorted((a, b) => a.block - b.block || a.start - b.start) }
  })

  count = $derived([...this.#found.values()].reduce((count, { places }) => count + places.length, 0))

  /** Which of all places is shown, from 0. */
  at = $derived(Math.min(this.#at, Math.max(0, this.count - 1)))

  /** The place that is shown; of a hit that is its first. */
  current = $derived.by((): Target | null => {
    for (const { message, before, places } of this.#found.values()) {
      const place = places[this.at - before]
      if (place) return { message, place }
    }
    const [place] = this.#searched?.places ?? []
    return this.#searched && place ? { message: this.#searched.message, place } : null
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
    const searched = this.#searched?.message === message ? this.#searched.places : []
    return this.#found.get(message)?.places ?? searched
  }
}

/** Every place of the needle; no part of a longer word, where it is to be `whole`. */
function placesIn(blocks: readonly Block[], needle: string, whole = false): Place[] {
  const places: Place[] = []
  for (const [block, shown] of blocks.entries()) {
    let text = texts.get(shown)
    if (!text) texts.set(shown, (text = fold(textOf(shown.html))))
    const spans = occurrences(text, needle)
    const written = whole && spans.length > 0 ? textOf(shown.html) : null
    for (const span of spans) if (written === null || isWhole(written, span)) places.push({ block, ...span })
  }
  return places
}
