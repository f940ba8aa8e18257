import type { Backend, Match, Order } from '../backend/backend'
import type { Notices } from './notices.svelte'

const PAUSE = 150

/** The search box: asks once typing pauses, and forgets answers to older words. */
export class Search {
  query = $state('')
  /** What was found; null while nothing was asked for. */
  matches = $state.raw<readonly Match[] | null>(null)
  order = $state<Order>('newest')
  /** The query in other words, where it found nothing. */
  suggestion = $state<string | null>(null)
  /** The results of each conversation, in the order of its best one. */
  readonly groups = $derived.by(() => {
    const matches = this.matches ?? []
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew each time
    return [...new Set(matches.map(({ conversation }) => conversation))].map((id) => ({
      id,
      own: matches.filter(({ conversation }) => conversation === id),
    }))
  })
  /** All of them as they are listed. */
  readonly listed = $derived(this.groups.flatMap(({ own }) => own))
  #opened = $state.raw<Match | null>(null)
  /** Which of them was opened last, from 0; less where none was. */
  readonly at = $derived(this.listed.findIndex((match) => same(match, this.#opened)))
  #backend: Backend
  #notices: Notices
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  set(query: string): void {
    if (query !== this.query) this.#opened = null
    this.query = query
    clearTimeout(this.#timer)
    if (query.trim() === '') this.matches = null
    else this.#timer = setTimeout(() => void this.#find(query), PAUSE)
  }

  arrange(order: Order): void {
    this.order = order
    void this.#find(this.query)
  }

  /** A result is opened; null is none of them any more. */
  opened(match: Match | null): void {
    this.#opened = match
  }

  /** The result that comes so many after the one that was opened, round at the ends; null where there is none. */
  beside(by: 1 | -1): Match | null {
    const { length } = this.listed
    const from = this.at < 0 && by < 0 ? 0 : this.at
    return this.listed[(from + by + length) % length] ?? null
  }

  /** The first result, without waiting for a pause. */
  async best(): Promise<Match | null> {
    clearTimeout(this.#timer)
    const { query } = this
    const found = query.trim() !== '' && (await this.#find(query))
    return (found && query === this.query && this.matches?.[0]) || null
  }

  /** Searches again, after the conversations have changed. */
  refresh(): void {
    this.set(this.query)
  }

  #find(query: string): Promise<boolean> {
    return this.#notices.guard(async () => {
      const { order } = this
      const { matches, suggestion } = await this.#notices.work(async () => {
        const found = await this.#backend.search(query, order)
        return { matches: found, suggestion: found.length === 0 ? await this.#backend.suggest(query) : null }
      })
      if (query !== this.query || order !== this.order) return
      this.matches = matches
      this.suggestion = suggestion
    })
  }
}

function same(match: Match, other: Match | null): boolean {
  const { conversation, message, attachment } = match
  return other?.conversation === conversation && other.message === message && other.attachment === attachment
}
