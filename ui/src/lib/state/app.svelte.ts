import { getContext, setContext } from 'svelte'
import type { Backend } from '../backend/backend'
import { Chat } from './chat.svelte'
import { Conversations } from './conversations.svelte'
import { Drafts } from './drafts'
import { Endpoints } from './endpoints.svelte'
import { Filing } from './filing.svelte'
import { Images } from './images'
import { Importing } from './importing.svelte'
import { Layers } from './layers.svelte'
import { Links } from './links.svelte'
import { Models } from './models.svelte'
import { Notices } from './notices.svelte'
import { Preferences } from './preferences.svelte'
import { Search } from './search.svelte'
import { Selection } from './selection.svelte'
import { Session } from './session.svelte'
import { Shell } from './shell.svelte'
import { Sidebar } from './sidebar.svelte'
import { Undo } from './undo.svelte'

const KEY = Symbol('app')

/** Everything that the page knows, on one backend. */
export class App {
  readonly notices = new Notices()
  readonly undo = new Undo()
  readonly layers = new Layers()
  readonly session: Session
  readonly preferences: Preferences
  readonly endpoints: Endpoints
  readonly models: Models
  readonly conversations: Conversations
  readonly filing: Filing
  readonly selection: Selection
  readonly importing: Importing
  readonly search: Search
  readonly sidebar: Sidebar
  readonly links: Links
  readonly images: Images
  readonly drafts: Drafts
  readonly chat: Chat
  readonly shell: Shell

  /** `restart` begins anew, with nothing of this app; what is written for a `quick` question is no draft. */
  constructor(
    readonly backend: Backend,
    restart: () => void = () => undefined,
    readonly quick = false,
  ) {
    this.preferences = new Preferences(backend)
    this.session = new Session(backend, (settings) => this.preferences.adopt(settings))
    this.models = new Models(backend)
    this.endpoints = new Endpoints(backend, () => this.#endpointsChanged())
    this.images = new Images(backend)
    this.drafts = new Drafts(backend, this.notices, !quick)
    this.conversations = new Conversations(backend)
    this.filing = new Filing(backend, this.notices, this.conversations)
    this.selection = new Selection(this.conversations)
    this.importing = new Importing(backend)
    this.search = new Search(backend, this.notices)
    this.sidebar = new Sidebar(this.search, this.conversations, this.selection)
    this.links = new Links(backend, this.notices)
    this.chat = new Chat(backend, this.notices, this.conversations, this.drafts, this.undo, this.preferences)
    this.shell = new Shell(backend, this.notices, this.chat, this.preferences, {
      endpoints: () => this.#endpointsChanged(),
      organised: () => void this.filing.load(),
      conversations: () => void this.conversations.load(),
      replaced: restart,
    })
  }

  #endpointsChanged(): void {
    void this.models.load()
    void this.endpoints.load()
    void this.session.load()
  }
}

export function provideApp(app: App): void {
  setContext(KEY, app)
}

export function useApp(): App {
  return getContext(KEY)
}
