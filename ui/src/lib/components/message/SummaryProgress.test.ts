// @vitest-environment happy-dom
import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SummaryProgress as Progress } from '../../backend/backend'
import { mounted, textOf } from '../mounted'
import SummaryProgress from './SummaryProgress.svelte'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const progress: Progress = { done: 2, total: 12, pages_done: 40, pages: 230, seconds_left: 90, tokens: 12_300 }
const shown = (fields: Partial<Progress> = {}) => mounted(SummaryProgress, { progress: { ...progress, ...fields } }).target

it('tells how far it has come, and only what is known', () => {
  const [all, bar] = [shown(), shown().querySelector('progress')]
  expect([bar?.value, bar?.max]).toEqual([2, 12])
  for (const known of ['2 of 12', '40 of 230', '12,300']) expect(textOf(all.querySelector('p'))).toContain(known)
  const little = textOf(shown({ pages: 1, seconds_left: null, tokens: 0 }).querySelector('p'))
  expect(little).toContain('2 of 12')
  expect(little).not.toMatch(/page|token|left/u)
})

it('is read out after a pause, and without what changes all the time', () => {
  const told = shown().querySelector('[aria-live]')
  vi.advanceTimersByTime(7999)
  flushSync()
  expect(textOf(told)).toBe('')
  vi.advanceTimersByTime(1)
  flushSync()
  expect(textOf(told)).toContain('2 of 12')
  expect(textOf(told)).not.toContain('12,300')
})
