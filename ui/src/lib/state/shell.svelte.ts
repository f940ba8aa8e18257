import type { Backend, ShellEvent } from '../backend/backend'
import type { Chat } from './chat.svelte'
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
  replaced: () => void
}

/** What happens around this window: in other windows, in the system, on the tray. */
export class Shell {
  /** Files hang over the window. */
  dragging = $state(false)
  /** What happens is heard. */
  listening = false
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

  openWindow(conversation: string | null): Promise<boolean> {
    return this.#notices.guard(() => this.#backend.openWindow(conversation))
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
      case 'replaced':
        this.#changes[event.type]()
        break
      case 'dragging':
        this.dragging = event.over
        break
      case 'staged':
        this.dragging = false
        this.#chat.thread.composer.add(event.files, event.failures)
        break
      case 'open':
        if (event.conversation === null) this.#chat.startNew()
        else void this.#chat.open(event.conversation)
        break
    }
  }
}
