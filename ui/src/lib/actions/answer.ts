import Columns2 from '@lucide/svelte/icons/columns-2'
import Copy from '@lucide/svelte/icons/copy'
import FileDown from '@lucide/svelte/icons/file-down'
import Info from '@lucide/svelte/icons/info'
import Languages from '@lucide/svelte/icons/languages'
import Play from '@lucide/svelte/icons/play'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import Square from '@lucide/svelte/icons/square'
import Volume2 from '@lucide/svelte/icons/volume-2'
import { pieces } from '../aloud'
import { messageFile } from '../markdown-file'
import { m } from '../paraglide/messages'
import { getLocale } from '../spoken.svelte'
import { asWritten, withLabels } from '../passages'
import type { App } from '../state/app.svelte'
import type { ShownMessage } from '../state/message.svelte'
import type { Thread } from '../state/thread.svelte'
import type { Action } from './action'
import { READ_ALOUD } from './habits'

/** What can be done with a thread's last answer, the arriving one included. */
export function answerActions(app: App, thread: Thread): Action[] {
  const message = thread.messages.findLast(({ view }) => view.role === 'assistant') ?? null
  const idle = message !== null && !thread.busy
  const written = idle && message.view.text !== ''
  const answer = { group: 'answer' } as const
  return [
    {
      ...answer,
      id: 'stop',
      title: m.composer_stop,
      icon: Square,
      keys: ['escape'],
      available: thread.answering && !thread.answeredElsewhere && !thread.stopping,
      run: () => thread.stop(),
    },
    {
      ...answer,
      id: 'again',
      title: m.message_regenerate,
      icon: RotateCcw,
      keys: ['mod+shift+r'],
      available: idle,
      run: () => message && thread.regenerate(message.id),
    },
    {
      ...answer,
      id: 'continue',
      title: m.message_continue,
      icon: Play,
      available: idle && message.continues,
      run: () => message && thread.continueAnswer(message.id),
    },
    {
      ...answer,
      id: 'compare',
      title: m.compare_title,
      icon: Columns2,
      available: idle && message.view.siblings.length > 1,
      run: () => message && app.layers.open({ name: 'compare', thread, answer: message }),
    },
    {
      ...answer,
      id: 'exchange',
      title: m.exchange_title,
      icon: Info,
      available: idle,
      run: () => message && app.layers.open({ name: 'exchange', message: message.id }),
    },
    {
      ...answer,
      id: 'copy-answer',
      title: m.copy_answer,
      icon: Copy,
      keys: ['mod+shift+c'],
      available: written && app.organisation.copies,
      run: () =>
        message &&
        app.notices.guard(async () => {
          await navigator.clipboard.writeText(withLabels(message.view.text))
          app.notices.brief.tell(m.copied())
        }),
    },
    {
      ...answer,
      id: 'translate-answer',
      title: m.translate_answer,
      icon: Languages,
      available: written,
      run: () => message && app.layers.open({ name: 'translate', thread, text: asWritten(message.view.text) }),
    },
    {
      ...answer,
      id: 'read-aloud',
      title: app.aloud.reading ? m.aloud_stop : m.aloud_last,
      icon: app.aloud.reading ? Square : Volume2,
      keys: [READ_ALOUD],
      available: app.aloud.reading || (app.aloud.allowed && written),
      run: () => (app.aloud.reading ? app.aloud.stop() : message && readMessage(app, message)),
    },
    {
      ...answer,
      id: 'save-answer',
      title: m.save_markdown,
      icon: FileDown,
      available: written && app.organisation.exports('markdown'),
      run: () => message && saveMessage(app, thread, message),
    },
  ]
}

/** Reads a message aloud, or stops where it is being read. */
export async function readMessage({ aloud, notices }: App, { id, blocks }: ShownMessage): Promise<void> {
  if (!aloud.offered) {
    notices.brief.tell(m.aloud_none())
    return
  }
  return aloud.toggle(id, () => pieces(blocks, getLocale(), (count) => m.aloud_code({ count })))
}

/** Saves a message as a Markdown file, called after its conversation. */
export function saveMessage({ backend, notices }: App, thread: Thread, { view }: ShownMessage): Promise<boolean> {
  const { name, text } = messageFile(thread.conversation, view)
  return notices.guard(async () => {
    if (await backend.saveText(name, text)) notices.brief.tell(m.file_saved())
  })
}
