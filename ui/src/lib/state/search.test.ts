import { beforeEach, expect, it, vi } from 'vitest'
import type { Backend, Match } from '../backend/backend'
import { Notices } from './notices.svelte'
import { Search } from './search.svelte'

const match = (conversation: string, message: string): Match => ({
  conversation,
  message,
  attachment: null,
  title: conversation,
  snippet: '',
  role: 'user',
  archived: false,
  time: 1,
})
const names = (matches: readonly Match[]) => matches.map(({ message }) => message)

let search: Search

beforeEach(async () => {
  const found = [match('a', '1'), match('b', '2'), match('a', '3')]
  // As from the program: other objects each time.
  const backend = { search: vi.fn(async () => found.map((one) => ({ ...one }))) }
  search = new Search(backend as unknown as Backend, new Notices())
  search.set('words')
  await search.best()
})

it('lists the results of a conversation together', () => {
  expect(search.groups.map(({ id, own }) => [id, names(own)])).toEqual([
    ['a', ['1', '3']],
    ['b', ['2']],
  ])
  expect(names(search.listed)).toEqual(['1', '3', '2'])
})

it('goes on from the result that was opened, round at the ends', () => {
  expect(search.at).toBe(-1)
  expect(search.beside(1)?.message).toBe('1')
  expect(search.beside(-1)?.message).toBe('2')
  search.opened(search.listed[1] ?? null)
  expect([search.at, search.beside(1)?.message, search.beside(-1)?.message]).toEqual([1, '2', '1'])
  search.opened(search.listed[2] ?? null)
  expect(search.beside(1)?.message).toBe('1')
})

it('stays at the result when the same is searched again, and leaves it for other words', async () => {
  search.opened(search.listed[1] ?? null)
  search.refresh()
  await search.best()
  expect(search.at).toBe(1)
  search.set('other words')
  expect(search.at).toBe(-1)
})
