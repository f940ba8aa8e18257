import { type Backend, type EndpointView, type Failure, failureOf } from '../backend/backend'
import type { Endpoints } from './endpoints.svelte'

/** Signing in to endpoints, and opening the certificates that they are shown. No token is ever here. */
export class SignIn {
  /** The endpoint whose sign-in waits for the person in the browser. */
  waiting = $state<string | null>(null)
  failure = $state.raw<Failure | null>(null)
  #backend: Backend
  #endpoints: Endpoints

  constructor(backend: Backend, endpoints: Endpoints) {
    this.#backend = backend
    this.#endpoints = endpoints
  }

  /** The first endpoint that nobody is signed in to, or whose certificate is not open; with `again` any of them. */
  wanted(again: boolean): EndpointView | null {
    const closed = ({ sign_in, certificate }: EndpointView) => sign_in?.account === null || certificate?.has_secret === false
    const { list } = this.#endpoints
    return list.find(closed) ?? (again ? list.find((view) => view.sign_in) : null) ?? null
  }

  /** In the browser; until the person comes back or {@link cancel}. */
  async begin(endpoint: string): Promise<void> {
    if (this.waiting !== null) return
    this.waiting = endpoint
    await this.#take(() => this.#backend.signIn(endpoint))
    this.waiting = null
  }

  cancel(): void {
    if (this.waiting !== null) void this.#backend.cancelSignIn(this.waiting)
  }

  async out(endpoint: string): Promise<void> {
    await this.#take(() => this.#backend.signOut(endpoint))
    await this.#endpoints.load()
  }

  /** Says whether the password or PIN opens the certificate; an empty one is forgotten. */
  open(endpoint: string, secret: string): Promise<boolean> {
    return this.#take(() => this.#backend.setCertificateSecret(endpoint, secret))
  }

  async #take(call: () => Promise<EndpointView[]>): Promise<boolean> {
    this.failure = null
    try {
      this.#endpoints.list = await call()
      return true
    } catch (error) {
      this.failure = failureOf(error)
      return false
    }
  }
}
