// @vitest-environment happy-dom
import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ContextUse as Use, StagedFile } from '../../backend/backend'
import { appWith, mounted, textOf } from '../mounted'
import ContextUse from './ContextUse.svelte'

const file: StagedFile = { id: 'f1', name: 'a.txt', media_type: 'text/plain', size: 8, document: null, locked: false, files: null, tokens: 2, translatable: true }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The meter of a conversation to be, once it was told this. */
async function shown(use: Partial<Use>) {
  const contextUse = vi.fn(async () => ({ tokens: 4, limit: null, messages: 1, dropped: 0, ...use }))
  const app = appWith({ contextUse })
  const { thread } = app.chat
  const settle = async () => {
    flushSync()
    await vi.advanceTimersByTimeAsync(400)
    flushSync()
  }
  const meter = mounted(ContextUse, { thread }, app)
  await settle()
  return { contextUse, thread, settle, ...meter }
}

it('shows nothing of a question that has nothing in it, where no limit is known', async () => {
  expect((await shown({})).find('context-use')).toBeNull()
  expect(textOf((await shown({ tokens: 5 })).find('context-use'))).toBe('about 5 tokens')
  expect(textOf((await shown({ limit: 4096 })).find('context-use'))).toBe('0%')
})

it('says in words what is counted and what is left out, when it is pressed', async () => {
  const { target, find, press } = await shown({ tokens: 4000, limit: 4096, messages: 3, dropped: 2 })
  const words = target.querySelector('p')
  expect(find('context-use')?.classList.contains('full')).toBe(true)
  expect(words?.hidden).toBe(true)
  press('context-use')
  expect(words?.hidden).toBe(false)
  expect(textOf(words)).toMatch(/^About 4,000 of 4,096 tokens .*before it \(2\)\. .*Oldest messages left out: 2\.$/u)
})

it('is not full before little is left', async () => {
  const { find } = await shown({ tokens: 3200, limit: 4096 })
  expect(textOf(find('context-use'))).toBe('78%')
  expect(find('context-use')?.classList.contains('full')).toBe(false)
})

it('asks about all that would be sent, once typing pauses', async () => {
  const { contextUse, thread, settle } = await shown({})
  thread.composer.text = 'a'
  flushSync()
  thread.composer.text = 'ab'
  thread.composer.add([file])
  await settle()
  expect(contextUse).toHaveBeenCalledTimes(2)
  expect(contextUse).toHaveBeenLastCalledWith(expect.objectContaining({ conversation: null, text: 'ab', files: ['f1'] }))
})
