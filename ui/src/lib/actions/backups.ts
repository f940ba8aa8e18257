import DatabaseBackup from '@lucide/svelte/icons/database-backup'
import HardDriveDownload from '@lucide/svelte/icons/hard-drive-download'
import { type Conversation, PAGE, type View } from '../backend/backend'
import { m } from '../paraglide/messages'
import { ALL, placeOf } from '../places'
import type { App } from '../state/app.svelte'
import type { Action } from './action'

/** Backing up the history, and putting a backup in its place. */
export function backupActions(app: App): Action[] {
  const { session } = app
  const general = { group: 'general', words: m.setting_backups_words, available: !session.temporary } as const
  return [
    { ...general, id: 'back-up', title: m.backup_now, icon: HardDriveDownload, run: () => backUp(app) },
    { ...general, id: 'restore-backup', title: m.restore_open, icon: DatabaseBackup, run: () => chooseBackup(app) },
  ]
}

/** Backs up into a file that the person chooses, once it is known what opens it. */
export function backUp({ backend, backups, layers, notices }: App): Promise<boolean> {
  return notices.guard(async () => {
    await backups.load()
    if (!backups.current?.protection) layers.open({ name: 'settings', section: 'storage', setting: 'backups' })
    else if (await notices.work(backend.backUp)) notices.brief.tell(m.backup_made())
  })
}

/** Lets the person choose a backup, and asks whether it is to take the place of the history. */
export function chooseBackup({ backend, layers, notices }: App): Promise<boolean> {
  return notices.guard(async () => {
    const file = await backend.chooseBackup()
    if (file !== null) layers.open({ name: 'restore', backup: { file } })
  })
}

/** Exports every conversation that can be read, archived ones too, so that it can be imported again. */
export function exportEverything({ backend, notices }: App): Promise<boolean> {
  const all = async (view: View) => {
    const listed: Conversation[] = []
    for (let page = PAGE; page === PAGE; ) {
      const last = listed.at(-1)
      const more = await backend.conversations(view, last ? placeOf(last) : null)
      listed.push(...more)
      page = more.length
    }
    return listed
  }
  return notices.guard(async () => {
    const saved = await notices.work(async () => {
      const conversations = [...(await all(ALL)), ...(await all({ type: 'archived' }))]
      return backend.exportConversations(conversations.map(({ id }) => id), 'json')
    })
    if (saved) notices.brief.tell(m.exported())
  })
}
