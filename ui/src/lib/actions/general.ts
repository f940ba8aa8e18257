import AppWindow from '@lucide/svelte/icons/app-window'
import ChevronDown from '@lucide/svelte/icons/chevron-down'
import ChevronUp from '@lucide/svelte/icons/chevron-up'
import Hourglass from '@lucide/svelte/icons/hourglass'
import Keyboard from '@lucide/svelte/icons/keyboard'
import LockKeyhole from '@lucide/svelte/icons/lock-keyhole'
import Power from '@lucide/svelte/icons/power'
import Search from '@lucide/svelte/icons/search'
import Settings from '@lucide/svelte/icons/settings'
import SquareChevronRight from '@lucide/svelte/icons/square-chevron-right'
import SquarePen from '@lucide/svelte/icons/square-pen'
import TextSearch from '@lucide/svelte/icons/text-search'
import Zap from '@lucide/svelte/icons/zap'
import X from '@lucide/svelte/icons/x'
import { m } from '../paraglide/messages'
import type { App } from '../state/app.svelte'
import { leave } from '../state/leaving'
import { QUIT } from '../shortcuts'
import type { Action } from './action'
import { stepMatch } from './matches'

/** What only the workspace can do, which has the elements. */
export interface Desk {
  /** Puts the cursor where the next question is written. */
  write: () => void
  /** Puts the cursor into the search over all conversations. */
  search: () => void
}

export function generalActions(app: App, desk: Desk) {
  const { chat, layers, search, shell, sidebar } = app
  const { find } = chat.thread
  /** The matches of what was last looked for: in the conversation, or in all of them. */
  const matches = find.asked ? find.count : search.listed.length
  const step = (by: 1 | -1) => (find.asked ? find.step(by) : stepMatch(app, by))
  const begin = (temporary: boolean) => {
    chat.startNew(temporary)
    sidebar.open = false
    desk.write()
  }
  return {
    startNew: {
      id: 'new',
      group: 'general',
      title: m.conversation_new,
      icon: SquarePen,
      keys: ['mod+n'],
      run: () => begin(false),
    },
    startTemporary: {
      id: 'temporary',
      group: 'general',
      title: m.conversation_new_temporary,
      icon: Hourglass,
      keys: ['mod+shift+n'],
      run: () => begin(true),
    },
    palette: {
      id: 'palette',
      group: 'general',
      title: m.palette_title,
      icon: SquareChevronRight,
      keys: ['mod+k'],
      run: () => layers.open({ name: 'palette' }),
    },
    search: {
      id: 'search',
      group: 'general',
      title: m.search_label,
      icon: Search,
      keys: ['mod+shift+f'],
      run: desk.search,
    },
    find: {
      id: 'find',
      group: 'conversation',
      title: m.find_title,
      icon: TextSearch,
      keys: ['mod+f'],
      available: chat.thread.messages.length > 0,
      run: () => find.begin(),
    },
    findNext: {
      id: 'find-next',
      group: 'conversation',
      title: m.find_next,
      icon: ChevronDown,
      keys: ['f3', 'mod+g'],
      available: matches > 0,
      run: () => step(1),
    },
    findPrevious: {
      id: 'find-previous',
      group: 'conversation',
      title: m.find_previous,
      icon: ChevronUp,
      keys: ['shift+f3', 'mod+shift+g'],
      available: matches > 0,
      run: () => step(-1),
    },
    newWindow: {
      id: 'new-window',
      group: 'general',
      title: m.window_new,
      icon: AppWindow,
      keys: ['mod+alt+n'],
      run: () => shell.openWindow(null),
    },
    quick: {
      id: 'quick',
      group: 'general',
      title: m.tray_quick,
      icon: Zap,
      run: () => shell.showQuick(),
    },
    closeWindow: {
      id: 'close-window',
      group: 'general',
      title: m.window_close,
      icon: X,
      keys: ['mod+w'],
      run: () => shell.closeWindow(),
    },
    lock: {
      id: 'lock',
      group: 'general',
      title: m.lock_now,
      icon: LockKeyhole,
      keys: ['mod+l'],
      available: !app.session.temporary,
      everywhere: true,
      run: () => leave(app, 'lock'),
    },
    quit: {
      id: 'quit',
      group: 'general',
      title: m.tray_quit,
      icon: Power,
      keys: [QUIT],
      everywhere: true,
      run: () => leave(app, 'quit'),
    },
    settings: {
      id: 'settings',
      group: 'general',
      title: m.settings_open,
      icon: Settings,
      keys: ['mod+,'],
      run: () => layers.open({ name: 'settings', section: 'general' }),
    },
    shortcuts: {
      id: 'shortcuts',
      group: 'general',
      title: m.shortcuts_title,
      icon: Keyboard,
      keys: ['mod+/'],
      run: () => layers.open({ name: 'shortcuts' }),
    },
  } satisfies Record<string, Action>
}
