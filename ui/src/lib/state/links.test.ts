import { expect, it, vi } from 'vitest'
import type { Backend, Inspection } from '../backend/backend'
import { Links } from './links.svelte'
import { Notices } from './notices.svelte'

const link = (address: string) => ({ address }) as Inspection

it('shows the last of two links that were followed quickly, and neither in the place of the other', async () => {
  const inspections: ((link: Inspection) => void)[] = []
  const inspectLink = vi.fn(() => new Promise<Inspection>((resolve) => inspections.push(resolve)))
  const links = new Links({ inspectLink } as unknown as Backend, new Notices())
  const first = links.follow(null, 'a')
  const second = links.follow(null, 'b')
  expect(links.checking).toBe(true)
  inspections[0]?.(link('a'))
  await first
  expect(links.pending).toBeNull()
  expect(links.checking).toBe(true)
  inspections[1]?.(link('b'))
  await second
  expect(links.pending).toEqual(link('b'))
  expect(links.checking).toBe(false)
  await links.follow(null, 'c')
  expect(inspectLink).toHaveBeenCalledTimes(2)
})
