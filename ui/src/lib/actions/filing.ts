import Archive from '@lucide/svelte/icons/archive'
import ArchiveRestore from '@lucide/svelte/icons/archive-restore'
import CopyPlus from '@lucide/svelte/icons/copy-plus'
import FileDown from '@lucide/svelte/icons/file-down'
import Folder from '@lucide/svelte/icons/folder'
import FolderInput from '@lucide/svelte/icons/folder-input'
import FolderPlus from '@lucide/svelte/icons/folder-plus'
import Import from '@lucide/svelte/icons/import'
import ListChecks from '@lucide/svelte/icons/list-checks'
import Lock from '@lucide/svelte/icons/lock'
import LockOpen from '@lucide/svelte/icons/lock-open'
import MessagesSquare from '@lucide/svelte/icons/messages-square'
import Tag from '@lucide/svelte/icons/tag'
import Tags from '@lucide/svelte/icons/tags'
import Trash2 from '@lucide/svelte/icons/trash-2'
import type { Conversation, View } from '../backend/backend'
import { m } from '../paraglide/messages'
import { ALL } from '../places'
import type { App } from '../state/app.svelte'
import type { Action } from './action'
import { FORMAT_NAMES, FORMATS } from './export-formats'
import { archive, duplicate, exportAs, hold, move, newFolder } from './organise'

/** How the conversation that is shown can be filed, copied and taken out; nothing for one that is not kept. */
export function filingActions(app: App, conversation: Conversation | null): Action[] {
  if (conversation === null || conversation.temporary) return []
  const { filing, layers } = app
  const { archived, held } = conversation
  const group = 'conversation'
  const one = [conversation]
  const places = [...filing.folders, ...(conversation.folder === null ? [] : [null])].filter((f) => f?.id !== conversation.folder)
  return [
    ...places.map((folder): Action => {
      const title = () => m.choice({ name: m.move_to(), value: folder?.name ?? m.folder_none() })
      return { id: `move ${folder?.id ?? ''}`, group, title, icon: FolderInput, run: () => move(app, one, folder) }
    }),
    {
      id: 'move-new',
      group,
      title: () => m.choice({ name: m.move_to(), value: m.folder_new() }),
      icon: FolderPlus,
      run: () => newFolder(app, (folder) => move(app, one, folder)),
    },
    { id: 'tags', group, title: m.tags_edit, icon: Tags, run: () => layers.open({ name: 'tags', conversations: one }) },
    {
      id: 'archive',
      group,
      title: archived ? m.unarchive : m.archive,
      icon: archived ? ArchiveRestore : Archive,
      run: () => archive(app, one, !archived),
    },
    { id: 'duplicate', group, title: m.duplicate, icon: CopyPlus, run: () => duplicate(app, conversation) },
    ...FORMAT_NAMES.filter((format) => format !== 'markdown' && app.organisation.exports(format)).map((format): Action => {
      const title = () => m.choice({ name: m.export(), value: FORMATS[format]() })
      return { id: `export-${format}`, group, title, icon: FileDown, run: () => exportAs(app, one, format) }
    }),
    {
      id: 'hold',
      group,
      title: held ? m.release : m.hold,
      words: m.hold_words,
      icon: held ? LockOpen : Lock,
      run: () => hold(app, one, !held),
    },
  ]
}

/** The way to each list, and to what is done with several conversations. */
export function listActions(app: App): Action[] {
  const { conversations, filing, layers, selection, sidebar } = app
  const group = 'general'
  const show = (view: View) => () => {
    sidebar.open = true
    sidebar.show(view)
  }
  const list = (id: string, name: () => string, icon: Action['icon'], view: View): Action => ({
    id: `list ${id}`,
    group,
    title: () => m.choice({ name: m.list_show(), value: name() }),
    icon,
    run: show(view),
  })
  return [
    list('all', m.view_all, MessagesSquare, ALL),
    ...filing.folders.map(({ id, name }) => list(id, () => name, Folder, { type: 'folder', folder: id })),
    ...filing.tags.map((tag) => list(`tag ${tag}`, () => tag, Tag, { type: 'tag', tag })),
    list('archive', m.view_archive, Archive, { type: 'archived' }),
    list('trash', m.view_trash, Trash2, { type: 'deleted' }),
    {
      id: 'select',
      group,
      title: m.select_several,
      icon: ListChecks,
      available: conversations.list.length > 0,
      run: () => {
        sidebar.open = true
        selection.begin()
      },
    },
    { id: 'folder-new', group, title: m.folder_new, icon: FolderPlus, run: () => newFolder(app, ({ id }) => show({ type: 'folder', folder: id })()) },
    { id: 'import', group, title: m.import_open, words: m.import_words, icon: Import, available: !app.organisation.has('no_import'), run: () => layers.open({ name: 'import' }) },
  ]
}
