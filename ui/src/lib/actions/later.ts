import type { App } from '../state/app.svelte'
import type { Action } from './action'
import { backupActions } from './backups'
import { filingActions, listActions } from './filing'
import { settingActions } from './settings'
import { summaryActions } from './summary'

/** What only the palette offers. It is loaded after the start: there is much of it, and its words. */
export function laterActions(app: App): Action[] {
  return [...filingActions(app, app.chat.thread.conversation), ...listActions(app), ...backupActions(app), ...summaryActions(app), ...settingActions(app)]
}
