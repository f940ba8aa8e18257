import type { Chord } from './shortcuts'

/** Keys that only change what others mean. */
const HELD = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph']

/** Keys as the program hears them for the whole system, such as `CommandOrControl+Shift+Space`. */
export type Accelerator = string

/** What was pressed; null where it is no whole combination: a key alone belongs to whoever types it. */
export function acceleratorOf(event: KeyboardEvent, apple: boolean): Accelerator | null {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event
  if (HELD.includes(key) || code === '') return null
  if (!ctrlKey && !metaKey && !altKey && !/^F\d+$/u.test(code)) return null
  const held = [
    (apple ? metaKey : ctrlKey) && 'CommandOrControl',
    (apple ? ctrlKey : metaKey) && (apple ? 'Control' : 'Super'),
    altKey && 'Alt',
    shiftKey && 'Shift',
  ].filter((name) => name !== false)
  // But for Apple's, systems hear the key that types a letter, wherever a keyboard has it.
  const letter = !apple && /^[a-z]$/iu.test(key)
  return [...held, letter ? key.toUpperCase() : code.replace(/^(?:Key|Digit)/u, '')].join('+')
}

/** The same keys as this page writes them. */
export function chordOf(accelerator: Accelerator): Chord {
  return accelerator.toLowerCase().replace(/\b(?:command|cmd)or(?:control|ctrl)\b/u, 'mod')
}
