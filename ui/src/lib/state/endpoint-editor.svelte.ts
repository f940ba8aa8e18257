import {
  type Backend,
  type EndpointDraft,
  type EndpointKind,
  type EndpointReport,
  type EndpointView,
  type Failure,
  failureOf,
  type KeyChange,
} from '../backend/backend'

/** An endpoint while it is filled in. A kept key is never here; only what becomes of it. */
export class EndpointEditor {
  name = $state('')
  address = $state('')
  #kind = $state<EndpointKind>('open-ai-chat')
  apiVersion = $state('')
  allowHttp = $state(false)
  /** The new key, where one is typed. */
  key = $state('')
  keyChange = $state<KeyChange['type']>('keep')
  busy = $state<'testing' | 'saving' | null>(null)
  failure = $state.raw<Failure | null>(null)
  report = $state.raw<EndpointReport | null>(null)
  /** Its name so far; null for a new one. */
  readonly previous: string | null
  readonly hasKey: boolean
  /** A person signs in to it: it has no key. */
  readonly signsIn: boolean
  /** What was last tested, and whether it answered. */
  #tried = $state.raw<{ written: string; answered: boolean } | null>(null)
  /** The server that it began with. */
  readonly #serverBefore: string | null
  /** What it began with, to be told from what was typed since. */
  readonly #before: string
  #kindChosen: boolean
  #backend: Backend

  constructor(backend: Backend, view: EndpointView | null) {
    this.#backend = backend
    this.previous = view?.draft.name ?? null
    this.hasKey = view?.has_key ?? false
    this.signsIn = Boolean(view?.sign_in)
    this.#kindChosen = view !== null
    this.keyChange = this.hasKey || this.signsIn ? 'keep' : 'set'
    if (view) {
      this.address = view.draft.address
      // A name that was made of the address follows it, as in a new one.
      this.name = view.draft.name === this.host ? '' : view.draft.name
      this.#kind = view.draft.kind
      this.apiVersion = view.draft.api_version ?? ''
      this.allowHttp = view.draft.allow_http
    }
    this.#serverBefore = this.#server
    this.#before = this.#written
  }

  get #server(): string | null {
    return URL.parse(this.address.trim())?.origin ?? null
  }

  /** Whether the key that is kept was given for another server, which this one must not get. */
  get keyElsewhere(): boolean {
    return this.hasKey && this.keyChange === 'keep' && this.#server !== null && this.#server !== this.#serverBefore
  }

  /** Whether anything in it would be lost. */
  get changed(): boolean {
    return this.#written !== this.#before
  }

  get #written(): string {
    return JSON.stringify([this.name, this.address, this.#kind, this.apiVersion, this.allowHttp, this.key, this.keyChange])
  }

  /** The protocol; an address of Azure tells it as long as nobody has chosen. */
  get kind(): EndpointKind {
    return this.#kindChosen || !this.host?.endsWith('.azure.com') ? this.#kind : 'azure'
  }

  set kind(kind: EndpointKind) {
    this.#kind = kind
    this.#kindChosen = true
  }

  get host(): string | null {
    const address = this.address.trim()
    return URL.parse(address)?.host ?? null
  }

  /** Whether what is sent could be read on its way: it does not leave this machine otherwise. */
  get unencrypted(): boolean {
    const url = URL.parse(this.address.trim())
    return url?.protocol === 'http:' && !/^(localhost|127\..*|\[::1\])$/u.test(url.hostname)
  }

  /** Whether it was tested as it stands, and did not answer. */
  get refused(): boolean {
    return this.#tried?.answered === false && this.#tried.written === this.#written
  }

  get draft(): EndpointDraft {
    return {
      name: this.name.trim() || (this.host ?? ''),
      address: this.address.trim(),
      kind: this.kind,
      api_version: this.kind === 'azure' && this.apiVersion.trim() !== '' ? this.apiVersion.trim() : null,
      allow_http: this.unencrypted && this.allowHttp,
    }
  }

  get change(): KeyChange {
    if (this.keyChange !== 'set') return { type: this.keyChange }
    // A field left empty is no key, not an empty one.
    return this.key.trim() === '' ? { type: this.hasKey ? 'forget' : 'keep' } : { type: 'set', key: this.key.trim() }
  }

  /** Says whether it answers. */
  async test(): Promise<boolean> {
    const written = this.#written
    this.report = null
    this.#tried = null
    this.report = await this.#run('testing', () => this.#backend.testEndpoint(this.previous, this.draft, this.change))
    const answered = this.report !== null
    this.#tried = { written, answered }
    return answered
  }

  /** Says whether it answers as it stands, or was seen not to: whoever saves it then means it. */
  async tested(): Promise<boolean> {
    return this.#tried?.written === this.#written || this.test()
  }

  /** The endpoints afterwards; null where it was refused. */
  save(): Promise<EndpointView[] | null> {
    return this.#run('saving', () => this.#backend.saveEndpoint(this.previous, this.draft, this.change))
  }

  async #run<T>(what: 'testing' | 'saving', call: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null
    this.busy = what
    this.failure = null
    try {
      return await call()
    } catch (error) {
      this.failure = failureOf(error)
      return null
    } finally {
      this.busy = null
    }
  }
}
