import type { Backend, Folder } from '../backend/backend'
import type { Conversations } from './conversations.svelte'
import type { Notices } from './notices.svelte'
import { ALL } from '../places'

/** The folders and the tags that conversations are filed under. */
export class Filing {
  folders = $state.raw<readonly Folder[]>([])
  tags = $state.raw<readonly string[]>([])
  #backend: Backend
  #notices: Notices
  #conversations: Conversations

  constructor(backend: Backend, notices: Notices, conversations: Conversations) {
    this.#backend = backend
    this.#notices = notices
    this.#conversations = conversations
  }

  async load(): Promise<void> {
    await this.#notices.guard(async () => {
      ;[this.folders, this.tags] = await Promise.all([this.#backend.folders(), this.#backend.tags()])
    })
    // What is listed may have gone.
    const { view } = this.#conversations
    const gone =
      (view.type === 'folder' && this.folder(view.folder) === null) || (view.type === 'tag' && !this.tags.includes(view.tag))
    if (gone) await this.#conversations.show(ALL)
  }

  folder(id: string | null): Folder | null {
    return this.folders.find((folder) => folder.id === id) ?? null
  }

  /** Takes a folder as it is now. */
  put(folder: Folder): void {
    const others = this.folders.filter(({ id }) => id !== folder.id)
    this.folders = [...others, folder].sort((a, b) => a.name.localeCompare(b.name))
  }
}
