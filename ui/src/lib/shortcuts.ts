import { m } from './paraglide/messages'

export const APPLE = typeof navigator !== 'undefined' && /mac|iphone|ipad/iu.test(navigator.userAgent)

/** What the system itself types for a person who speaks, in words; null where it has nothing of the kind. */
export function dictation(agent = typeof navigator === 'undefined' ? '' : navigator.userAgent): string | null {
  if (/mac/iu.test(agent)) return m.dictation_apple()
  return /windows/iu.test(agent) ? m.dictation_windows() : null
}

/** Keys pressed together, such as `mod+shift+k`; `mod` is the platform's command key. */
export type Chord = string

/** Ends the program, on every screen; on macOS its menu hears them first. */
export const QUIT: Chord = 'mod+q'

const APPLE_KEYS: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', enter: '⏎', backspace: '⌫' }
const KEYS: Record<string, () => string> = {
  mod: m.key_control,
  shift: m.key_shift,
  alt: () => 'Alt',
  enter: m.key_enter,
  escape: m.key_escape,
  space: m.key_space,
  control: m.key_control,
  super: () => 'Super',
  backspace: m.key_backspace,
  arrowup: () => '↑',
  arrowdown: () => '↓',
}

/** Whether an event is this chord. */
export function pressed(event: KeyboardEvent, chord: Chord, apple = APPLE): boolean {
  const held = chord.split('+')
  const key = held.pop() ?? ''
  const command = held.includes('mod')
  if ((apple ? event.metaKey : event.ctrlKey) !== command || (apple ? event.ctrlKey : event.metaKey)) return false
  if (event.altKey !== held.includes('alt') || (event.altKey && event.getModifierState('AltGraph'))) return false
  // Some keyboards write a sign with Shift, others without.
  const sign = key.length === 1 && !/[a-z]/u.test(key)
  if (!sign && event.shiftKey !== held.includes('shift')) return false
  // A keyboard of other letters is told by where its keys are.
  return event.key.toLowerCase() === key || (event.key > '~' && event.code === `Key${key.toUpperCase()}`)
}

/** The names of its keys, in the order and the words of this platform. */
export function keyNames(chord: Chord, apple = APPLE): string[] {
  const keys = chord.split('+')
  // Apple's command key stands last before the key itself.
  if (apple && keys[0] === 'mod') keys.splice(-1, 0, ...keys.splice(0, 1))
  return keys.map((key) => (apple ? APPLE_KEYS[key] : undefined) ?? KEYS[key]?.() ?? key.toUpperCase())
}

export function chordText(chord: Chord, apple = APPLE): string {
  return keyNames(chord, apple).join(apple ? '' : '+')
}

/** Chords for `aria-keyshortcuts`, which names keys in English. */
export function ariaKeys(chords: readonly Chord[] = []): string {
  const named = (key: string) =>
    key === 'mod' ? (APPLE ? 'Meta' : 'Control') : key.charAt(0).toUpperCase() + key.slice(1)
  return chords.map((chord) => chord.split('+').map(named).join('+')).join(' ')
}
