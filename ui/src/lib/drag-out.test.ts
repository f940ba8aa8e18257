import { beforeEach, expect, it, vi } from 'vitest'
import { draggedOut } from './drag-out'
import type { App } from './state/app.svelte'

let listeners: Map<string, (event: unknown) => void>
let dragOut: ReturnType<typeof vi.fn>
let written: (text: { name: string; text: string }) => void

beforeEach(() => {
  listeners = new Map()
  dragOut = vi.fn(() => Promise.resolve())
  const on = (type: string, listener: (event: unknown) => void) => listeners.set(type, listener)
  vi.stubGlobal('window', { addEventListener: on })
  const notices = { guard: (call: () => Promise<void>) => call() }
  const file = () => new Promise<{ name: string; text: string }>((resolve) => (written = resolve))
  const element = { addEventListener: on, removeEventListener: vi.fn() }
  draggedOut({ backend: { dragOut }, notices } as unknown as App, file)(element as unknown as HTMLElement)
  listeners.get('dragstart')?.({ preventDefault: vi.fn(), stopPropagation: vi.fn() })
})

const settle = () => new Promise((resolve) => setTimeout(resolve))

it('lets the program drag as soon as the text is there', async () => {
  expect(dragOut).not.toHaveBeenCalled()
  written({ name: 'a.md', text: 'a' })
  await settle()
  expect(dragOut).toHaveBeenCalledWith({ name: 'a.md', text: 'a' })
})

it('drags nothing where the mouse was let go before', async () => {
  listeners.get('pointerup')?.({})
  written({ name: 'a.md', text: 'a' })
  await settle()
  expect(dragOut).not.toHaveBeenCalled()
})
