import { chordOf } from '../accelerator'
import type { Settings } from '../backend/backend'
import { m } from '../paraglide/messages'
import type { Chord } from '../shortcuts'
import type { Group } from './action'

/** Keys that are heard only where they are meant: in a field, in a list. */
export interface Habit {
  group: Group
  title: () => string
  keys: readonly [Chord, ...Chord[]]
}

export const QUOTE: Chord = 'mod+shift+.'
export const READ_ALOUD: Chord = 'mod+shift+s'

export function habits({ enter_sends: enterSends, quick_keys }: Pick<Settings, 'enter_sends' | 'quick_keys'>): Habit[] {
  const quick: Habit[] = quick_keys === '' ? [] : [{ group: 'general', title: m.tray_quick, keys: [chordOf(quick_keys)] }]
  return [
    ...quick,
    { group: 'general', title: m.keys_list, keys: ['arrowup', 'arrowdown'] },
    { group: 'general', title: m.keys_select, keys: ['shift+arrowup', 'shift+arrowdown'] },
    { group: 'writing', title: m.composer_send, keys: [enterSends ? 'enter' : 'mod+enter'] },
    { group: 'writing', title: m.keys_line, keys: [enterSends ? 'shift+enter' : 'enter'] },
    { group: 'writing', title: m.keys_quote, keys: [QUOTE] },
  ]
}
