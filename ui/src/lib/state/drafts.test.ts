import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../backend/backend'
import { Drafts } from './drafts'
import { Notices } from './notices.svelte'

describe('drafts', () => {
  const setDraft = vi.fn(async () => undefined)
  const drafts = vi.fn(async () => [{ conversation: 'c', text: 'kept' }])
  let kept: Drafts

  beforeEach(() => {
    vi.useFakeTimers()
    vi.clearAllMocks()
    kept = new Drafts({ setDraft, drafts } as unknown as Backend, new Notices())
  })
  afterEach(() => vi.useRealTimers())

  it('are written once typing pauses, the last words only', async () => {
    kept.set('c', 'o')
    kept.set('c', 'one')
    await vi.advanceTimersByTimeAsync(300)
    expect(setDraft).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(setDraft.mock.calls).toEqual([['c', 'one']])
  })

  it('are written at once where the window goes away, each once', async () => {
    kept.set('c', 'one')
    kept.set(null, 'two')
    kept.flush()
    await vi.advanceTimersByTimeAsync(1000)
    expect(setDraft.mock.calls).toEqual([['c', 'one'], [null, 'two']])
  })

  it('do not replace what was typed before they came', async () => {
    kept.set('c', 'typed')
    await kept.load()
    expect(kept.of('c')).toBe('typed')
  })

  it('of another window are taken, but not over what is being typed here', () => {
    expect(kept.adopt({ conversation: 'c', text: 'theirs' })).toBe(true)
    kept.set('c', 'mine')
    expect(kept.adopt({ conversation: 'c', text: 'theirs again' })).toBe(false)
    expect(kept.of('c')).toBe('mine')
  })
})
