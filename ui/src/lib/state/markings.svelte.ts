import type { Backend, Marking } from '../backend/backend'
import type { Chat } from './chat.svelte'
import type { Notices } from './notices.svelte'
import type { Session } from './session.svelte'

/** The organisation's classification: what the window bears, by the conversation that is shown in it. */
export class Markings {
  #own = $state.raw<{ conversation: string; marking: Marking | null } | null>(null)

  constructor(
    private readonly backend: Backend,
    private readonly notices: Notices,
    private readonly session: Session,
    private readonly chat: Chat,
  ) {}

  /** Those that a conversation can bear, the lowest first. */
  choices = $derived.by((): Marking[] => this.session.desk?.markings ?? [])

  /** What the window bears now; null where the organisation has none. */
  shown = $derived.by((): Marking | null => {
    const own = this.#own
    return (own?.conversation === this.chat.thread.id ? own?.marking : null) ?? this.choices[0] ?? null
  })

  /** Reads what the conversation that is shown bears. */
  async load(conversation: string | null): Promise<void> {
    if (conversation === null || this.choices.length === 0) return
    await this.notices.guard(async () => {
      this.#own = { conversation, marking: await this.backend.marking(conversation) }
    })
  }

  async mark(conversation: string, level: string): Promise<void> {
    await this.notices.guard(async () => {
      this.#own = { conversation, marking: await this.backend.mark(conversation, level) }
    })
  }
}
