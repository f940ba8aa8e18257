import { expect, it, vi } from 'vitest'
import type { Backend, Backups as State } from '../backend/backend'
import { Backups } from './backups.svelte'
import { Notices } from './notices.svelte'

const state = (problem: string | null): State => ({ protection: 'passphrase', schedule: null, last: null, problem })

function begin(shown = false) {
  const backend = { backups: vi.fn() }
  const notices = new Notices()
  const show = vi.fn()
  const backups = new Backups(backend as unknown as Backend, notices, { shown: () => shown, show })
  const change = async (problem: string | null) => {
    backend.backups.mockResolvedValue(state(problem))
    await backups.changed()
  }
  return { backups, notices, show, change }
}

it('tells once of a backup that could not be made, and leads to the setting', async () => {
  const { backups, notices, show, change } = begin()
  await change('the disk is full')
  expect(backups.current?.problem).toBe('the disk is full')
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
