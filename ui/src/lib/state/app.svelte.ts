import { getContext, setContext } from 'svelte'
import type { Backend, Backups, SyncState } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { SettingId } from '../settings'
import { Aloud } from './aloud.svelte'
import { Chat } from './chat.svelte'
import { Conversations } from './conversations.svelte'
import { Drafts } from './drafts'
import { Endpoints } from './endpoints.svelte'
import { Filing } from './filing.svelte'
import { Images } from './images'
import { Importing } from './importing.svelte'
import { Languages } from './languages'
import { Layers } from './layers.svelte'
import { askToLeave } from './leaving'
import { Links } from './links.svelte'
import { Markings } from './markings.svelte'
import { Models } from './models.svelte'
import { Notices } from './notices.svelte'
import { Organisation } from './organisation.svelte'
import { Preferences } from './preferences.svelte'
import { Search } from './search.svelte'
import { Selection } from './selection.svelte'
import { Session } from './session.svelte'
import { Shell } from './shell.svelte'
import { SignIn } from './sign-in.svelte'
import { Sidebar } from './sidebar.svelte'
import { speak } from '../spoken.svelte'
import { Undo } from './undo.svelte'
import { Updates } from './updates.svelte'
import { Upkeep } from './upkeep.svelte'

const KEY = Symbol('app')

/** What goes on where all else begins anew, with another history. */
export interface Handed {
  /** What is told then. */
  told: string
  /** What was written and not sent. */
  text: string
}

/** Everything that the page knows, on one backend. */
export class App {
  readonly notices = new Notices()
  readonly undo = new Undo()
  readonly layers = new Layers()
  readonly session: Session
  readonly organisation: Organisation
  readonly aloud: Aloud
  readonly preferences: Preferences
  readonly endpoints: Endpoints
  readonly models: Models
  readonly signIn: SignIn
  readonly conversations: Conversations
  readonly filing: Filing
  readonly selection: Selection
  readonly importing: Importing
  readonly search: Search
  readonly sidebar: Sidebar
  readonly links: Links
  readonly languages: Languages
  readonly images: Images
  readonly drafts: Drafts
  readonly chat: Chat
  readonly markings: Markings
  readonly shell: Shell
  readonly backups: Upkeep<Backups>
  readonly sync: Upkeep<SyncState>
  readonly updates: Updates
  /** What is told once the history that was asked for is there; null while none was. */
  #replacing: string | null = null
  #restart: (handed: Handed | null) => void

  /**
   * `restart` begins anew, with nothing of this app but what it hands over; what is written for a `quick` question is no
   * draft.
   */
  constructor(
    readonly backend: Backend,
    restart: (handed: Handed | null) => void = () => undefined,
    readonly quick = false,
    private handed: Handed | null = null,
  ) {
    this.#restart = restart
    this.preferences = new Preferences(backend)
    this.session = new Session(backend, (settings) => {
      this.preferences.adopt(settings)
      // What is shown next is in the language that was chosen.
      return speak(settings.language)
    })
    this.organisation = new Organisation(backend, this.session)
    this.aloud = new Aloud(backend, this.notices, this.session, this.organisation)
    this.models = new Models(backend)
    this.endpoints = new Endpoints(backend, () => this.#endpointsChanged())
    this.signIn = new SignIn(backend, this.endpoints)
    this.images = new Images(backend)
    this.drafts = new Drafts(backend, this.notices, !quick, () => !this.session.damaged)
    this.conversations = new Conversations(backend)
    this.filing = new Filing(backend, this.notices, this.conversations)
    this.selection = new Selection(this.conversations)
    this.importing = new Importing(backend)
    this.search = new Search(backend, this.notices)
    this.sidebar = new Sidebar(this.search, this.conversations, this.selection)
    this.languages = new Languages(backend)
    this.links = new Links(backend, this.notices)
    this.chat = new Chat(backend, this.notices, this.conversations, this.drafts, this.undo, this.preferences, this.session, this.layers)
    this.markings = new Markings(backend, this.notices, this.session, this.chat)
    this.backups = new Upkeep(backend.backups, this.notices, {
      problem: ({ problem }) => (problem === null ? null : { code: 'storage', message: problem, retry_after: null }),
      text: m.backup_failed,
      ...this.#setting('backup_schedule'),
    })
    this.sync = new Upkeep(backend.syncState, this.notices, {
      // That a machine is away from its network now and then is nothing to be told.
      problem: ({ problem }) => (problem?.code === 'unreachable' ? null : problem),
      text: m.sync_failed,
      ...this.#setting('sync'),
    })
    this.updates = new Updates(backend)
    this.shell = new Shell(backend, this.notices, this.chat, this.preferences, {
      endpoints: () => this.#endpointsChanged(),
      organised: () => void this.filing.load(),
      conversations: () => void this.conversations.load(),
      backups: () => void this.backups.changed(),
      sync: () => void this.sync.changed(),
      update: () => void (this.session.ready && this.notices.guard(() => this.updates.load())),
      policy: () => void this.session.load(),
      replaced: () => this.#replaced(),
      locking: () => void this.drafts.flush().then(() => this.#handOver()),
      leaving: (leaving) => askToLeave(this, leaving),
      locked: () => this.#forget(),
      // Whoever is in already needs nothing.
      access: () => void (this.session.ready || this.session.load()),
      marked: (conversation) => void (conversation === this.chat.thread.id && this.markings.load(conversation)),
      ready: () => this.session.ready,
    })
  }

  /** Whether a dialog lies over the page. */
  get covered(): boolean {
    return this.layers.shown !== null || this.links.pending !== null || this.chat.thread.held !== null
  }

  /** Puts another history in the place of this one; then all begins anew, and `told` is told. */
  async replace(call: () => Promise<void>, told: string): Promise<void> {
    this.#replacing = told
    try {
      await call()
    } catch (error) {
      this.#replacing = null
      throw error
    }
    // Who hears what happens has begun anew already.
    if (!this.shell.listening) this.#replaced()
  }

  /** Takes what was handed over, once it can be seen. */
  takeOver(): void {
    const { told, text } = this.handed ?? { told: '', text: '' }
    this.handed = null
    if (told !== '') this.notices.brief.tell(told)
    const { composer } = this.chat.thread
    if (!composer.text.includes(text)) composer.text = `${composer.text}\n\n${text}`.trim()
  }

  /** What is written goes on where a history was asked for here, and where it could not be kept. */
  #replaced(): void {
    const { composer } = this.chat.thread
    const going = (this.#replacing !== null || this.session.damaged) && !composer.temporary
    this.#restart(going ? { told: this.#replacing ?? '', text: composer.text } : null)
  }

  /** Hands over what is shown, if it will still be there once the history was locked. */
  #handOver(): Promise<void> {
    const { temporary, id, chosenModel } = this.chat.thread
    return this.quick || this.session.temporary || temporary ? this.backend.handedOver(null, null) : this.backend.handedOver(id, chosenModel)
  }

  /** The history was locked: the page forgets all it ever knew. */
  #forget(): void {
    document.title = 'Bureau'
    if (!this.backend.forget()) this.#restart(null)
  }

  /** Where a setting of the history is shown. */
  #setting(setting: SettingId) {
    return {
      shown: () => this.layers.shown?.name === 'settings',
      show: () => this.layers.open({ name: 'settings', section: 'storage', setting }),
    }
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
