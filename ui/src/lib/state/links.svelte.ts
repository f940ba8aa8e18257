import type { Backend, Inspection } from '../backend/backend'
import type { Notices } from './notices.svelte'

/** The link that a person has followed and not yet decided on. */
export class Links {
  pending = $state.raw<Inspection | null>(null)
  /** A link is being looked at before it is shown. */
  checking = $state(false)
  /** Counts the links that were followed: only the last one is shown, and never in another's place. */
  #followed = 0
  #backend: Backend
  #notices: Notices

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  async follow(conversation: string | null, address: string): Promise<void> {
    if (this.pending) return
    this.#followed += 1
    const followed = this.#followed
    this.checking = true
    await this.#notices.guard(async () => {
      const link = await this.#backend.inspectLink(conversation, address)
      if (followed === this.#followed) this.pending = link
    })
    if (followed === this.#followed) this.checking = false
  }

  cancel(): void {
    this.pending = null
  }

  async open(): Promise<void> {
    const link = this.pending
    this.pending = null
    if (link) await this.#notices.guard(() => this.#backend.openLink(link.address))
  }
}
