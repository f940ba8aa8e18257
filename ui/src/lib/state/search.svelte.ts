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
  #backend: Backend
  #notices: Notices
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  set(query: string): void {
    this.query = query
    clearTimeout(this.#timer)
    if (query.trim() === '') this.matches = null
    else this.#timer = setTimeout(() => void this.#find(query), PAUSE)
  }

  arrange(order: Order): void {
    this.order = order
    void this.#find(this.query)
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
      const matches = await this.#backend.search(query, order)
      const suggestion = matches.length === 0 ? await this.#backend.suggest(query) : null
      if (query !== this.query || order !== this.order) return
      this.matches = matches
      this.suggestion = suggestion
    })
  }
}
