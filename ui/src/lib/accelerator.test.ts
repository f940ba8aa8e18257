import { describe, expect, it } from 'vitest'
import { acceleratorOf, chordOf } from './accelerator'
import { chordText } from './shortcuts'

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const press = (key: string, code: string, held: Partial<typeof NONE> = {}) => ({ key, code, ...NONE, ...held }) as KeyboardEvent

describe('keys for the whole system', () => {
  it('are named as the system hears them: by what they type, on Apple’s by where they are', () => {
    expect(acceleratorOf(press('a', 'KeyQ', { ctrlKey: true }), false)).toBe('CommandOrControl+A')
    expect(acceleratorOf(press(' ', 'Space', { ctrlKey: true, shiftKey: true }), false)).toBe('CommandOrControl+Shift+Space')
    expect(acceleratorOf(press('@', 'KeyL', { altKey: true, metaKey: true }), true)).toBe('CommandOrControl+Alt+L')
    expect(acceleratorOf(press('&', 'Digit1', { metaKey: true }), false)).toBe('Super+1')
    expect(acceleratorOf(press('q', 'KeyQ', { ctrlKey: true }), true)).toBe('Control+Q')
    expect(acceleratorOf(press('F9', 'F9'), false)).toBe('F9')
  })

  it('are no key alone, which is typed in other programs', () => {
    expect(acceleratorOf(press('a', 'KeyA'), false)).toBeNull()
    expect(acceleratorOf(press('A', 'KeyA', { shiftKey: true }), false)).toBeNull()
    expect(acceleratorOf(press('Control', 'ControlLeft', { ctrlKey: true }), false)).toBeNull()
  })

  it('are shown in the words of the page', () => {
    expect(chordText(chordOf('CommandOrControl+Shift+Space'), false)).toBe('Ctrl+Shift+Space')
    expect(chordText(chordOf('CommandOrControl+Shift+K'), true)).toBe('⇧⌘K')
  })
})
