import { expect, it, vi } from 'vitest'
import type { Failure } from '../backend/backend'
import { Notices } from './notices.svelte'
import { Upkeep } from './upkeep.svelte'

interface State {
  problem: string | null
}

const failure = (message: string): Failure => ({ code: 'storage', message, retry_after: null })

function begin(shown = false) {
  const read = vi.fn<() => Promise<State>>()
  const notices = new Notices()
  const show = vi.fn()
  const upkeep = new Upkeep(read, notices, {
    problem: ({ problem }) => (problem === null ? null : failure(problem)),
    text: () => 'It went wrong.',
    shown: () => shown,
    show,
  })
  const change = async (problem: string | null) => {
    read.mockResolvedValue({ problem })
    await upkeep.changed()
  }
  return { upkeep, notices, show, change }
}

it('tells once of what went wrong, and leads to the setting', async () => {
  const { upkeep, notices, show, change } = begin()
  await change('the disk is full')
  expect(upkeep.current?.problem).toBe('the disk is full')
  expect(notices.list.map(({ failure }) => failure.message)).toEqual(['the disk is full'])
  notices.list[0]?.action?.run()
  expect(show).toHaveBeenCalledOnce()
  notices.dismiss(notices.list[0]?.id ?? -1)
  await change('the disk is full')
  expect(notices.list).toEqual([])
  // Another one, or the same after a success, is news.
  await change(null)
  await change('the disk is full')
  expect(notices.list).toHaveLength(1)
})

it('tells nothing that the setting shows', async () => {
  const { notices, change } = begin(true)
  await change('the disk is full')
  expect(notices.list).toEqual([])
})
