import type { LucideIcon } from '@lucide/svelte'
import { m } from '../paraglide/messages'
import type { Chord } from '../shortcuts'

/** What actions are about, in the order in which they are shown. */
export const GROUPS = {
  general: m.section_general,
  conversation: m.transcript_label,
  answer: m.role_assistant,
  writing: m.composer_label,
  model: m.model_label,
  setting: m.settings_title,
}

export type Group = keyof typeof GROUPS

/** Something a person can do: menus, shortcuts, the palette and the sheet of shortcuts all show these. */
export interface Action {
  id: string
  group: Group
  title: () => string
  /** By what else it is found. */
  words?: () => string
  icon: LucideIcon
  keys?: readonly [Chord, ...Chord[]]
  /** False while it cannot be done. */
  available?: boolean
  /** It is done from within a dialog, too. */
  everywhere?: boolean
  run: () => unknown
}
