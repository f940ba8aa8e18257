import AppWindow from '@lucide/svelte/icons/app-window'
import FileDown from '@lucide/svelte/icons/file-down'
import Link from '@lucide/svelte/icons/link'
import NotebookPen from '@lucide/svelte/icons/notebook-pen'
import Pencil from '@lucide/svelte/icons/pencil'
import Pin from '@lucide/svelte/icons/pin'
import PinOff from '@lucide/svelte/icons/pin-off'
import Trash2 from '@lucide/svelte/icons/trash-2'
import type { Conversation } from '../backend/backend'
import { conversationFile } from '../markdown-file'
import { m } from '../paraglide/messages'
import type { App } from '../state/app.svelte'
import type { Action } from './action'

/** What can be done with a conversation; nothing without one. */
export function conversationActions(app: App, conversation: Conversation | null): Action[] {
  const { backend, chat, conversations, layers, notices, organisation, search, shell, sidebar } = app
  /** A temporary one is in this window only, and soon gone. */
  const kept = conversation !== null && !conversation.temporary
  const action = (id: string, fields: Omit<Action, 'id' | 'group' | 'run'>, run: (c: Conversation) => unknown): Action => ({
    id,
    group: 'conversation',
    available: conversation !== null,
    ...fields,
    run: () => conversation && run(conversation),
  })

  return [
    action(
      'pin',
      { title: conversation?.pinned ? m.unpin : m.pin, icon: conversation?.pinned ? PinOff : Pin, available: kept },
      ({ id, pinned }) => chat.setPinned(id, !pinned),
    ),
    action('rename', { title: m.rename, icon: Pencil, keys: ['f2'], available: kept }, ({ id, title }) => {
      if (conversations.has(id)) sidebar.rename(id)
      // Where the list has no row for it, it is asked for.
      else layers.open({ name: 'name', title: m.rename(), label: m.rename_label(), value: title, action: m.save(), keep: (name) => chat.rename(id, name) })
    }),
    action('open-window', { title: m.open_window, icon: AppWindow, keys: ['mod+shift+o'], available: kept }, ({ id }) =>
      shell.openWindow(id),
    ),
    action('copy-link', { title: m.copy_link, icon: Link, available: kept && organisation.copies }, ({ id }) =>
      notices.guard(async () => {
        await navigator.clipboard.writeText(`bureau://conversation/${id}`)
        notices.brief.tell(m.link_copied())
      }),
    ),
    action('conversation-instructions-open', { title: m.conversation_instructions, icon: NotebookPen }, (shown) =>
      layers.open({ name: 'instructions', conversation: shown }),
    ),
    action('save-conversation', { title: m.save_markdown, icon: FileDown, keys: ['mod+s'], available: conversation !== null && organisation.exports('markdown') }, ({ id }) =>
      notices.guard(async () => {
        const { name, text } = await notices.work(() => conversationFile(backend, id))
        if (await backend.saveText(name, text)) notices.brief.tell(m.file_saved())
      }),
    ),
    action('delete', { title: m.delete, icon: Trash2, keys: ['mod+shift+backspace'] }, async (shown) => {
      await chat.delete([shown])
      search.refresh()
    }),
  ]
}
