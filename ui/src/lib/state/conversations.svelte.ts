import { type Backend, type Conversation, type Failure, failureOf, PAGE, type View } from '../backend/backend'
import { ALL, belongs, byPlace, placeOf, sameView } from '../places'

/** The list of conversations that is shown, as far as it has been read: page by page, from its beginning. */
export class Conversations {
  view = $state.raw<View>(ALL)
  list = $state.raw<readonly Conversation[]>([])
  /** Whether it goes on after what has been read. */
  more = $state(false)
  /** Whether its beginning has been read. */
  begun = $state(false)
  /** Why it could not be read, or not further. */
  failure = $state.raw<Failure | null>(null)
  #backend: Backend
  /** Counts the readings: what an older one brings is not taken any more. */
  #turn = 0
  #reading = false
  /** What has come or gone (null) while a page is read, which may not know of it. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is shown from it
  #meanwhile = new Map<string, Conversation | null>()

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Lists something else. */
  async show(view: View): Promise<void> {
    if (sameView(view, this.view)) return
    this.view = view
    this.list = []
    this.more = this.begun = false
    await this.load()
  }

  /** Reads the list anew, as far as it was read before. */
  load(): Promise<void> {
    return this.#read([], this.list.length)
  }

  /** Reads on, where the list goes on. */
  async extend(): Promise<void> {
    if (this.more && !this.#reading) await this.#read(this.list, this.list.length + 1)
  }

  /** Puts a new or changed conversation in its place, if it has one in what is read: otherwise it comes when that is read. */
  put(conversation: Conversation): void {
    if (this.#reading) this.#meanwhile.set(conversation.id, conversation)
    const others = this.list.filter((c) => c.id !== conversation.id)
    if (belongs(conversation, this.view)) {
      const place = others.findIndex((c) => byPlace(placeOf(c), placeOf(conversation)) > 0)
      if (place >= 0) others.splice(place, 0, conversation)
      else if (!this.more) others.push(conversation)
    }
    this.list = others
  }

  /** A conversation was deleted: it is in the trash now, or gone for good. */
  forget(id: string): void {
    const trashed = this.view.type === 'deleted' && !this.has(id)
    if (this.#reading) this.#meanwhile.set(id, null)
    this.list = this.list.filter((c) => c.id !== id)
    if (trashed) void this.load()
  }

  get(id: string): Conversation | null {
    return this.list.find((c) => c.id === id) ?? null
  }

  has(id: string): boolean {
    return this.get(id) !== null
  }

  /** Reads on after these until there are as many as wanted, and shows them all. */
  async #read(before: readonly Conversation[], wanted: number): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    this.#reading = true
    this.#meanwhile.clear()
    this.failure = null
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- shown once it is whole
    const read = new Map(before.map((c) => [c.id, c]))
    let last = before.at(-1)
    let more: boolean
    try {
      do {
        const page = await this.#backend.conversations(this.view, last ? placeOf(last) : null)
        if (turn !== this.#turn) return
        for (const conversation of page) read.set(conversation.id, conversation)
        last = page.at(-1) ?? last
        more = page.length === PAGE
      } while (more && read.size < wanted)
      this.#take([...read.values()], more)
    } catch (error) {
      if (turn !== this.#turn) return
      this.failure = failureOf(error)
    }
    this.#reading = false
  }

  #take(list: readonly Conversation[], more: boolean): void {
    this.#reading = false
    this.list = list.filter(({ id }) => !this.#meanwhile.has(id))
    this.more = more
    this.begun = true
    for (const conversation of this.#meanwhile.values()) if (conversation) this.put(conversation)
  }
}
