import { Channel } from '@tauri-apps/api/core'
import { type Backend, CommandError, type Failure, type Listener } from './backend'
import { type AnswerEvent, commands } from './bindings'

type Outcome<T> = { status: 'ok'; data: T } | { status: 'error'; error: Failure }

async function result<T>(call: Promise<Outcome<T>>): Promise<T> {
  const outcome = await call
  if (outcome.status === 'ok') return outcome.data
  // Tauri itself rejects with a bare string, for instance when a command is not allowed.
  if (typeof outcome.error === 'string') throw new Error(outcome.error)
  throw new CommandError(outcome.error)
}

async function done(call: Promise<Outcome<unknown>>): Promise<void> {
  await result(call)
}

function channel(on: Listener): Channel<AnswerEvent> {
  return new Channel(on)
}

/** The program itself, through Tauri's commands. */
export const tauri: Backend = {
  status: () => result(commands.status()),
  createVault: (passphrase) => result(commands.createVault(passphrase)),
  unlock: (passphrase) => result(commands.unlock(passphrase)),
  startTemporary: () => result(commands.startTemporary()),

  conversations: () => result(commands.conversations()),
  openConversation: (conversation) => result(commands.openConversation(conversation)),
  selectBranch: (message) => result(commands.selectBranch(message)),
  rename: (conversation, title) => result(commands.rename(conversation, title)),
  deleteConversation: (conversation) => done(commands.deleteConversation(conversation)),
  search: (query) => result(commands.search(query)),

  send: (conversation, text, model, on) => done(commands.send(conversation, text, model, channel(on))),
  edit: (message, text, model, on) => done(commands.edit(message, text, model, channel(on))),
  regenerate: (message, model, on) => done(commands.regenerate(message, model, channel(on))),
  continueAnswer: (message, on) => done(commands.continueAnswer(message, channel(on))),
  stop: (conversation) => done(commands.stop(conversation)),

  models: () => result(commands.models()),
  inspectLink: (conversation, address) => result(commands.inspectLink(conversation, address)),
  openLink: (address) => done(commands.openLink(address)),
}
