import type { Backend, Leaving } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Layers } from './layers.svelte'
import type { Notices } from './notices.svelte'

/** Whoever leaves needs these. */
export interface Open {
  backend: Backend
  layers: Layers
  notices: Notices
}

/** Locks the history, or ends the program; but where something ends with it that was never written, it is asked first. */
export function leave(open: Open, leaving: Leaving): Promise<boolean> {
  return open.notices.guard(async () => {
    if (!(await open.backend.leave(leaving, false))) askToLeave(open, leaving)
  })
}

/** What is temporary cannot be kept, only ended. */
export function askToLeave({ backend, layers }: Open, leaving: Leaving): void {
  layers.open({
    name: 'confirm',
    title: leaving === 'lock' ? m.lock_temporary_title() : m.quit_temporary_title(),
    text: m.lock_temporary_text(),
    action: leaving === 'lock' ? m.lock_now() : m.tray_quit(),
    run: () => backend.leave(leaving, true),
  })
}
