import { getContext, setContext } from 'svelte'
import type { Backend } from '../backend/backend'
import { Chat } from './chat.svelte'
import { Conversations } from './conversations.svelte'
import { Links } from './links.svelte'
import { Models } from './models.svelte'
import { Notices } from './notices.svelte'
import { Search } from './search.svelte'
import { Session } from './session.svelte'

const KEY = Symbol('app')

/** Everything that the page knows, on one backend. */
export class App {
  readonly notices = new Notices()
  readonly session: Session
  readonly models: Models
  readonly conversations: Conversations
  readonly search: Search
  readonly links: Links
  readonly chat: Chat

  constructor(backend: Backend) {
    this.session = new Session(backend)
    this.models = new Models(backend)
    this.conversations = new Conversations(backend, this.notices)
    this.search = new Search(backend, this.notices)
    this.links = new Links(backend, this.notices)
    this.chat = new Chat(backend, this.notices, this.conversations)
  }
}

export function provideApp(app: App): void {
  setContext(KEY, app)
}

export function useApp(): App {
  return getContext(KEY)
}
