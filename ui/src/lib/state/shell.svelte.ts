import type { Backend, Leaving, ShellEvent } from '../backend/backend'
import type { Chat } from './chat.svelte'
import type { Composer } from './composer.svelte'
import type { Notices } from './notices.svelte'
import type { Preferences } from './preferences.svelte'

/** What is done where it has changed, here or elsewhere. */
export interface Changes {
  endpoints: () => void
  /** Folders or tags. */
  organised: () => void
  /** Many conversations at once. */
  conversations: () => void
  backups: () => void
  sync: () => void
  update: () => void
  policy: () => void
  replaced: () => void
  /** The history is about to be locked: what is being written is handed over. */
  locking: () => void
  /** Something ends with what was asked for elsewhere: the person is asked here first. */
  leaving: (leaving: Leaving) => void
  locked: () => void
  access: () => void
  marked: (conversation: string) => void
  /** Whether conversations can be shown. */
  ready: () => boolean
}

/** What happens around this window: in other windows, in the system, on the tray. */
export class Shell {
  /** Files hang over the window. */
  dragging = $state(false)
  /** What happens is heard. */
  listening = false
  /** Where the files go that were dropped last. */
  #taking: Composer | null = null
  /** What is to be shown once the history is open. */
  #wanted: Extract<ShellEvent, { type: 'open' }> | null = null
  #backend: Backend
  #notices: Notices
  #chat: Chat
  #preferences: Preferences
  #changes: Changes

  constructor(
    backend: Backend,
    notices: Notices,
    chat: Chat,
    preferences: Preferences,
    changes: Changes,
  ) {
    this.#backend = backend
    this.#notices = notices
    this.#chat = chat
    this.#preferences = preferences
    this.#changes = changes
  }

  async listen(): Promise<void> {
    this.listening = await this.#notices.guard(() => this.#backend.subscribe((event) => this.#apply(event)))
  }

  /** Shows what was asked for, if it can be seen by now. */
  follow(): void {
    const wanted = this.#wanted
    if (wanted === null || !this.#changes.ready()) return
    this.#wanted = null
    void this.#chat.comeBack(wanted.conversation, wanted.model)
  }

  openWindow(conversation: string | null): Promise<boolean> {
    return this.#notices.guard(() => this.#backend.openWindow(conversation))
  }

  /** Brings up the window for a quick question. */
  showQuick(): Promise<boolean> {
    return this.#notices.guard(() => this.#backend.showQuick())
  }

  closeWindow(): Promise<boolean> {
    return this.#notices.guard(() => this.#backend.closeWindow())
  }

  #composer(): Composer {
    return this.#taking ?? this.#chat.thread.composer
  }

  #apply(event: ShellEvent): void {
    switch (event.type) {
      case 'conversation':
        this.#chat.received(event.conversation)
        break
      case 'removed':
        this.#chat.removed(event.conversation)
        break
      case 'drafted':
        this.#chat.drafted(event.draft)
        break
      case 'settings':
        this.#preferences.adopt(event.settings)
        break
      case 'endpoints':
      case 'organised':
      case 'conversations':
      case 'backups':
      case 'sync':
      case 'update':
      case 'policy':
      case 'replaced':
      case 'locking':
      case 'locked':
      case 'access':
        this.#changes[event.type]()
        break
      case 'leaving':
        this.#changes.leaving(event.leaving)
        break
      case 'marked':
        this.#changes.marked(event.conversation)
        break
      case 'dragging':
        this.dragging = event.over
        break
      case 'dropped':
        this.dragging = false
        this.#taking = this.#chat.thread.composer
        this.#taking.expect(event.names)
        break
      case 'staged':
        this.#composer().arrived(event.name, event.file, event.failure)
        break
      case 'open':
        this.#wanted = event
        this.follow()
        break
    }
  }
}
