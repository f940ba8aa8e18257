import { expect, it, vi } from 'vitest'
import { type Backend, CommandError, type Settings } from '../backend/backend'
import { Preferences } from './preferences.svelte'

function preferences(setSettings: (settings: Settings) => Promise<Settings>): Preferences {
  return new Preferences({ setSettings: vi.fn(setSettings) } as unknown as Backend)
}

it('shows a change at once and keeps what the program makes of it', async () => {
  const kept = preferences(async (settings) => ({ ...settings, text_size: 160 }))
  const change = kept.change({ text_size: 400 })
  expect(kept.current.text_size).toBe(400)
  await change
  expect(kept.current.text_size).toBe(160)
})

it('takes a change back that cannot be kept, and says why', async () => {
  const kept = preferences(() => Promise.reject(new CommandError({ code: 'storage', message: 'full', retry_after: null })))
  await kept.change({ theme: 'dark' })
  expect(kept.current.theme).toBe('system')
  expect(kept.failure?.code).toBe('storage')
})

it('does not let a slow reply undo a newer change', async () => {
  const replies: ((settings: Settings) => void)[] = []
  const kept = preferences(() => new Promise((resolve) => replies.push(resolve)))
  const before = kept.current
  const first = kept.change({ text_size: 110 })
  const second = kept.change({ text_size: 120 })
  replies[0]?.({ ...before, text_size: 110 })
  await first
  expect(kept.current.text_size).toBe(120)
  replies[1]?.({ ...before, text_size: 120 })
  await second
  expect(kept.current.text_size).toBe(120)
})
