import type {
  AnswerEvent,
  Conversation,
  Inspection,
  Match,
  ModelInfo,
  Status,
  ThreadView,
} from './bindings'
import type { Failure } from './bindings'

export type * from './bindings'

export type Listener = (event: AnswerEvent) => void

/** What the page can ask of the program. Every call rejects with a {@link CommandError}. */
export interface Backend {
  status(): Promise<Status>
  /** Makes the history, locked by the passphrase, or by the keychain without one. */
  createVault(passphrase: string | null): Promise<Status>
  unlock(passphrase: string): Promise<Status>
  startTemporary(): Promise<Status>

  conversations(): Promise<Conversation[]>
  openConversation(conversation: string): Promise<ThreadView>
  selectBranch(message: string): Promise<ThreadView>
  rename(conversation: string, title: string): Promise<Conversation>
  deleteConversation(conversation: string): Promise<void>
  search(query: string): Promise<Match[]>

  send(conversation: string | null, text: string, model: string | null, on: Listener): Promise<void>
  edit(message: string, text: string, model: string | null, on: Listener): Promise<void>
  regenerate(message: string, model: string | null, on: Listener): Promise<void>
  continueAnswer(message: string, on: Listener): Promise<void>
  stop(conversation: string): Promise<void>

  models(): Promise<ModelInfo[]>
  inspectLink(conversation: string | null, address: string): Promise<Inspection>
  openLink(address: string): Promise<void>
}

/** A command's failure, as something that can be thrown. */
export class CommandError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** Whatever was thrown, as a failure. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, retry_after: null }
}
