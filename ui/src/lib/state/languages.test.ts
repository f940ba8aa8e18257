import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Languages } from './languages'

const FRENCH = 'Le conseil s’est réuni le premier lundi du mois.'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('asks once for all that stays in sight, and never again for the same', async () => {
  const textLanguages = vi.fn(async (texts: readonly string[]) => texts.map((text) => (text === FRENCH ? 'fr' : null)))
  const languages = new Languages({ textLanguages })
  const told: (string | null)[] = []
  const passing = vi.fn()
  languages.of(FRENCH, (language) => told.push(language))
  languages.of('fn main() { println!() }', (language) => told.push(language))
  languages.of('What only scrolls by is not asked about.', passing)()
  await vi.runAllTimersAsync()
  expect(told).toEqual(['fr', null])
  expect(passing).not.toHaveBeenCalled()
  expect(textLanguages.mock.calls).toEqual([[[FRENCH, 'fn main() { println!() }']]])

  languages.of(FRENCH, (language) => told.push(language))
  languages.of('Yes.', (language) => told.push(language))
  expect(told).toEqual(['fr', null, 'fr', null])
  await vi.runAllTimersAsync()
  expect(textLanguages).toHaveBeenCalledTimes(1)
})

it('tells nobody who has gone, and nothing where it fails', async () => {
  let answer: (languages: string[]) => void = () => undefined
  const languages = new Languages({ textLanguages: () => new Promise((resolve) => (answer = resolve)) })
  const gone = vi.fn()
  const end = languages.of(FRENCH, gone)
  await vi.runAllTimersAsync()
  end()
  answer(['fr'])
  await vi.runAllTimersAsync()
  expect(gone).not.toHaveBeenCalled()

  const failing = new Languages({ textLanguages: () => Promise.reject(new Error('locked')) })
  const told = vi.fn()
  failing.of(FRENCH, told)
  await vi.runAllTimersAsync()
  expect(told).toHaveBeenCalledExactlyOnceWith(null)
})
