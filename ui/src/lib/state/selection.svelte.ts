/* eslint-disable svelte/prefer-svelte-reactivity -- a set is never changed, only replaced */
import type { Conversation } from '../backend/backend'
import type { Conversations } from './conversations.svelte'

/** Several conversations of the list, to do one thing to all of them. */
export class Selection {
  /** Whether rows are chosen instead of opened. */
  active = $state(false)
  #ids = $state.raw<ReadonlySet<string>>(new Set())
  /** Where a range begins, and what was chosen before it. */
  #anchor: string | null = null
  #base: ReadonlySet<string> = new Set()
  #conversations: Conversations

  constructor(conversations: Conversations) {
    this.#conversations = conversations
  }

  /** Those that are chosen, in the order of the list. What has left the list is chosen no more. */
  chosen = $derived.by((): readonly Conversation[] => this.#conversations.list.filter(({ id }) => this.#ids.has(id)))

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  begin = (): void => {
    this.active = true
  }

  toggle(id: string): void {
    this.active = true
    this.#anchor = id
    const ids = new Set(this.#ids)
    if (!ids.delete(id)) ids.add(id)
    this.#ids = this.#base = ids
  }

  /** Chooses all from the one that was chosen last, or else from there, to this one. */
  extend(id: string, from: string | null): void {
    const { list } = this.#conversations
    const place = (one: string | null) => list.findIndex((c) => c.id === one)
    const begin = [this.#anchor, from].find((one) => place(one) >= 0) ?? id
    const [start, end] = [place(begin), place(id)].sort((a, b) => a - b)
    if (start === undefined || start < 0) return
    this.active = true
    this.#anchor = begin
    this.#ids = new Set([...this.#base, ...list.slice(start, (end ?? start) + 1).map((c) => c.id)])
  }

  /** Chooses all that the list shows so far. */
  all(): void {
    this.active = true
    this.#ids = new Set(this.#conversations.list.map(({ id }) => id))
  }

  leave = (): void => {
    this.active = false
    this.#ids = this.#base = new Set()
    this.#anchor = null
  }
}
