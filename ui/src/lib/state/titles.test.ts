import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Backend, Conversation } from '../backend/backend'
import { conversation } from './samples'
import { Titles } from './titles.svelte'

const calls: { words: string; resolve: (found: Conversation[]) => void; reject: () => void }[] = []
const titled = (words: string) => new Promise<Conversation[]>((resolve, reject) => calls.push({ words, resolve, reject }))
let titles: Titles
const found = () => titles.found.map(({ id }) => id)

beforeEach(() => {
  vi.useFakeTimers()
  calls.length = 0
  titles = new Titles({ titled } as unknown as Backend)
})
afterEach(() => vi.useRealTimers())

it('are asked for once typing pauses', async () => {
  titles.ask('d')
  titles.ask('de')
  await vi.advanceTimersByTimeAsync(500)
  expect(calls.map(({ words }) => words)).toEqual(['de'])
  calls[0]?.resolve([conversation('decree')])
  await vi.advanceTimersByTimeAsync(0)
  expect(found()).toEqual(['decree'])
  titles.ask(' ')
  expect(found()).toEqual([])
})

it('are never those of older words', async () => {
  titles.ask('old')
  await vi.advanceTimersByTimeAsync(500)
  titles.ask('new')
  await vi.advanceTimersByTimeAsync(500)
  calls[1]?.resolve([conversation('new')])
  calls[0]?.resolve([conversation('old')])
  await vi.advanceTimersByTimeAsync(0)
  expect(found()).toEqual(['new'])
})

it('are none where they cannot be found, or nobody waits any more', async () => {
  titles.ask('lost')
  await vi.advanceTimersByTimeAsync(500)
  calls[0]?.reject()
  await vi.advanceTimersByTimeAsync(0)
  expect(found()).toEqual([])
  titles.ask('left')
  titles.end()
  await vi.advanceTimersByTimeAsync(500)
  expect(calls).toHaveLength(1)
})
