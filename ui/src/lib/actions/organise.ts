import type { Conversation, ExportFormat, Folder, View } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { App } from '../state/app.svelte'

type Several = readonly Conversation[]

const idsOf = (conversations: Several) => conversations.map(({ id }) => id)
export const titleOf = ({ title }: Conversation) => title || m.conversation_untitled()

/** Says what was done: by its title for one, by their number for several. */
function told(conversations: Several, one: (title: string) => string, many: (count: number) => string): string {
  const [first] = conversations
  return first && conversations.length === 1 ? one(titleOf(first)) : many(conversations.length)
}

async function take(app: App, call: () => Promise<Several>): Promise<boolean> {
  return app.notices.guard(async () => {
    for (const conversation of await call()) app.chat.received(conversation)
  })
}

/** Puts conversations into a folder, or into none, and offers to take that back. */
export async function move(app: App, conversations: Several, folder: Folder | null): Promise<void> {
  const { backend, undo } = app
  const moved = conversations.filter((c) => c.folder !== (folder?.id ?? null))
  if (moved.length === 0 || !(await take(app, () => backend.moveToFolder(idsOf(moved), folder?.id ?? null)))) return
  const text = folder
    ? told(moved, (title) => m.moved({ title, folder: folder.name }), (count) => m.moved_many({ count, folder: folder.name }))
    : told(moved, (title) => m.moved_out({ title }), (count) => m.moved_out_many({ count }))
  undo.make(text, async () => {
    for (const before of new Set(moved.map((c) => c.folder))) {
      const own = moved.filter((c) => c.folder === before)
      await take(app, () => backend.moveToFolder(idsOf(own), before))
    }
  })
}

/** Puts conversations into the archive, or takes them out, and offers to take that back. */
export async function archive(app: App, conversations: Several, archived: boolean): Promise<void> {
  const { backend, undo } = app
  const changed = conversations.filter((c) => c.archived !== archived)
  if (changed.length === 0 || !(await take(app, () => backend.setArchived(idsOf(changed), archived)))) return
  const text = archived
    ? told(changed, (title) => m.archived({ title }), (count) => m.archived_many({ count }))
    : told(changed, (title) => m.unarchived({ title }), (count) => m.unarchived_many({ count }))
  undo.make(text, () => take(app, () => backend.setArchived(idsOf(changed), !archived)))
}

export function hold(app: App, conversations: Several, held: boolean): Promise<boolean> {
  return take(app, () => app.backend.setHeld(idsOf(conversations), held))
}

export function restore(app: App, conversations: Several): Promise<boolean> {
  return app.notices.guard(async () => {
    for (const conversation of await app.backend.restoreConversations(idsOf(conversations))) app.chat.received(conversation)
    app.notices.brief.tell(told(conversations, (title) => m.restored({ title }), (count) => m.restored_many({ count })))
  })
}

/** Deletes for good, once the person has said so again. */
export function erase(app: App, conversations: Several): void {
  const { backend, chat, layers } = app
  layers.open({
    name: 'confirm',
    title: told(conversations, (title) => m.erase_title({ title }), (count) => m.erase_title_many({ count })),
    text: m.erase_text(),
    action: m.erase(),
    run: async () => {
      await backend.eraseConversations(idsOf(conversations))
      for (const id of idsOf(conversations)) chat.removed(id)
    },
  })
}

/** A copy beside it, which is shown. */
export function duplicate(app: App, conversation: Conversation): Promise<boolean> {
  return app.notices.guard(async () => {
    const copy = await app.notices.work(() => app.backend.duplicate(conversation.id, m.duplicate_title({ title: titleOf(conversation) })))
    app.chat.received(copy)
    await app.chat.open(copy.id)
  })
}

/** Makes one conversation of several, once it has a title; it is shown. */
export function merge(app: App, conversations: Several): void {
  const { backend, chat, layers, selection } = app
  layers.open({
    name: 'name',
    title: m.merge_title({ count: conversations.length }),
    text: m.merge_text(),
    label: m.rename_label(),
    value: conversations[0]?.title ?? '',
    action: m.merge(),
    keep: async (title) => {
      const merged = await backend.merge(idsOf(conversations), title)
      for (const id of idsOf(conversations)) chat.removed(id)
      chat.received(merged)
      selection.leave()
      await chat.open(merged.id)
    },
  })
}

export function exportAs({ backend, notices }: App, conversations: Several, format: ExportFormat): Promise<boolean> {
  return exported(notices, () => backend.exportConversations(idsOf(conversations), format))
}

/** Exports all that a list shows, read or not. */
export function exportAll({ backend, notices }: App, view: View, format: ExportFormat): Promise<boolean> {
  return exported(notices, () => backend.exportView(view, format))
}

function exported(notices: App['notices'], call: () => Promise<boolean>): Promise<boolean> {
  return notices.guard(async () => {
    if (await notices.work(call)) notices.brief.tell(m.exported())
  })
}

/** Makes a folder, once it has a name; `then` is what it is for. */
export function newFolder(app: App, then: (folder: Folder) => unknown): void {
  app.layers.open({
    name: 'name',
    title: m.folder_new_title(),
    text: m.folder_new_text(),
    label: m.folder_name(),
    value: '',
    action: m.folder_create(),
    keep: async (name) => {
      const folder = await app.backend.createFolder(name)
      app.filing.put(folder)
      await then(folder)
    },
  })
}

export function renameFolder({ backend, filing, layers }: App, folder: Folder): void {
  const { name, instructions, glossary, retention } = folder
  layers.open({
    name: 'name',
    title: m.folder_rename({ name }),
    label: m.folder_name(),
    value: name,
    action: m.save(),
    keep: async (wanted) => filing.put(await backend.changeFolder(folder.id, { name: wanted, instructions, glossary, retention })),
  })
}

export function deleteFolder({ backend, filing, layers }: App, folder: Folder): void {
  layers.open({
    name: 'confirm',
    title: m.folder_delete_title({ name: folder.name }),
    text: m.folder_delete_text(),
    action: m.folder_delete_confirm(),
    run: async () => {
      await backend.deleteFolder(folder.id)
      await filing.load()
    },
  })
}
