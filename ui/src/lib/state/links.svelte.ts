import type { Backend, Inspection } from '../backend/backend'
import type { Notices } from './notices.svelte'

/** The link that a person has followed and not yet decided on. */
export class Links {
  pending = $state.raw<Inspection | null>(null)
  #backend: Backend
  #notices: Notices

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  follow(conversation: string | null, address: string): Promise<boolean> {
    return this.#notices.guard(async () => {
      this.pending = await this.#backend.inspectLink(conversation, address)
    })
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
