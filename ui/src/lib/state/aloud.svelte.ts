import type { Piece } from '../aloud'
import type { Backend } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Place } from './find.svelte'
import type { Notices } from './notices.svelte'
import type { Organisation } from './organisation.svelte'
import type { Session } from './session.svelte'

/** Something that is being read. */
class Reading {
  /** Which piece is said. */
  at = $state(-1)

  constructor(
    /** The message that is read; null for a text by itself. */
    readonly message: string | null,
    readonly pieces: readonly Piece[],
  ) {}
}

/** Reading aloud by the system's own voices: one text at a time, in one window. */
export class Aloud {
  #now = $state.raw<Reading | null>(null)
  #backend: Backend
  #notices: Notices
  #session: Session
  #organisation: Organisation

  constructor(backend: Backend, notices: Notices, session: Session, organisation: Organisation) {
    this.#backend = backend
    this.#notices = notices
    this.#session = session
    this.#organisation = organisation
  }

  /** Whether there is a voice, and it may be used. */
  get offered(): boolean {
    return this.allowed && this.#session.status?.voices === true
  }

  get allowed(): boolean {
    return !this.#organisation.has('no_reading_aloud')
  }

  get reading(): boolean {
    return this.#now !== null
  }

  reads(message: string): boolean {
    return this.#now?.message === message
  }

  /** Where in a message what is said stands. */
  placeIn(message: string): Place | null {
    const now = this.#now
    return now?.message === message ? (now.pieces[now.at]?.place ?? null) : null
  }

  /** Reads these in place of whatever is read; comes back when that has ended. */
  async read(message: string | null, pieces: readonly Piece[]): Promise<void> {
    const reading = new Reading(message, pieces)
    this.#now = reading
    await this.#notices.guard(async () => {
      const sentences = pieces.map(({ text, language }) => ({ text, language }))
      const end = await this.#backend.readAloud(sentences, (place) => (reading.at = place))
      if (end === 'no_voice') this.#notices.brief.tell(m.aloud_none())
    })
    if (this.#now === reading) this.#now = null
  }

  async stop(): Promise<void> {
    await this.#notices.guard(() => this.#backend.stopReadingAloud())
  }

  /** Reads a message, or stops where it is being read. */
  async toggle(message: string, pieces: () => readonly Piece[]): Promise<void> {
    await (this.reads(message) ? this.stop() : this.read(message, pieces()))
  }
}
