import { afterEach, expect, it } from 'vitest'
import { speak } from './spoken.svelte'
import { chordText, pressed } from './shortcuts'

afterEach(() => speak('en'))

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, code: '', target: null, getModifierState: () => false }
const event = (key: string, held: Partial<KeyboardEvent> = {}) => ({ ...NONE, key, ...held }) as KeyboardEvent

it('names keys as the platform and the language do', async () => {
  expect(chordText('mod+shift+n', false)).toBe('Ctrl+Shift+N')
  expect(chordText('mod+shift+n', true)).toBe('⇧⌘N')
  expect(chordText('mod+shift+backspace', true)).toBe('⇧⌘⌫')
  await speak('fr')
  expect(chordText('mod+shift+enter', false)).toBe('Ctrl+Maj+Entrée')
})

it('hears the platform’s command key alone', () => {
  expect(pressed(event('k', { ctrlKey: true }), 'mod+k', false)).toBe(true)
  expect(pressed(event('K', { metaKey: true }), 'mod+k', true)).toBe(true)
  // On a Mac, Control moves the cursor as in Emacs.
  expect(pressed(event('k', { ctrlKey: true }), 'mod+k', true)).toBe(false)
  // AltGr is Control and Alt.
  expect(pressed(event('k', { ctrlKey: true, altKey: true }), 'mod+k', false)).toBe(false)
  expect(pressed(event('N', { ctrlKey: true, shiftKey: true }), 'mod+n', false)).toBe(false)
})

it('hears a sign wherever it is on the keyboard, and a letter on a keyboard without it', () => {
  expect(pressed(event('/', { ctrlKey: true }), 'mod+/', false)).toBe(true)
  expect(pressed(event('/', { ctrlKey: true, shiftKey: true }), 'mod+/', false)).toBe(true)
  expect(pressed(event('л', { ctrlKey: true, code: 'KeyK' }), 'mod+k', false)).toBe(true)
  expect(pressed(event('v', { ctrlKey: true, code: 'KeyK' }), 'mod+k', false)).toBe(false)
})

it('leaves to a keyboard what it writes with AltGr, which some systems report as Ctrl and Alt', () => {
  const held = { ctrlKey: true, altKey: true, code: 'KeyN' }
  expect(pressed(event('n', held), 'mod+alt+n', false)).toBe(true)
  expect(pressed(event('ń', { ...held, getModifierState: (key) => key === 'AltGraph' }), 'mod+alt+n', false)).toBe(false)
})
