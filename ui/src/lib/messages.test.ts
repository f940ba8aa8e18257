import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import fr from '../../messages/fr.json'
import type { FailureCode } from './backend/backend'
import { causeText, failureText } from './failures'
import { LANGUAGES } from './settings'
import { speak } from './spoken.svelte'

describe('the catalogues', () => {
  it('set French punctuation apart by spaces that do not break', () => {
    for (const [key, text] of Object.entries(fr)) {
      for (const form of Object.values(typeof text === 'string' ? [text] : text)) expect(form, key).not.toMatch(/[^\u202f][;!?]|[^\u00a0]:(?!\/\/)|«[^\u00a0]|[^\u00a0]»|'/u)
    }
  })
})

describe('every failure', () => {
  afterEach(() => speak('en'))
  // The bindings are generated, so that a new code in the program fails here until it has its words.
  const bindings = readFileSync(new URL('backend/bindings.ts', import.meta.url), 'utf8')
  const union = /export type FailureCode =([^;]*);/u.exec(bindings)?.[1] ?? ''
  const codes = [...union.matchAll(/"(\w+)"/gu)].map(([, code]) => code as FailureCode)

  it('has words of its own in every language', async () => {
    expect(codes.length).toBeGreaterThan(20)
    for (const locale of Object.keys(LANGUAGES)) {
      await speak(locale)
      const texts = codes.map((code) => failureText({ code, message: '', retry_after: null }))
      expect(new Set(texts).size).toBe(codes.length)
      for (const text of texts) expect(text).toMatch(/\p{L}{3}.*[.。]$/u)
    }
  })

  it('says what to do next in every language', async () => {
    /** What to do is all that they say. */
    const orders = ['sign_in_needed', 'banner_not_accepted']
    for (const locale of Object.keys(LANGUAGES)) {
      await speak(locale)
      const sentences = new Intl.Segmenter(locale, { granularity: 'sentence' })
      for (const code of codes.filter((code) => !orders.includes(code))) {
        const failure = { code, message: '', retry_after: null }
        expect([...sentences.segment(failureText(failure))].length, `${locale} ${code}`).toBeGreaterThan(1)
        expect(failureText(failure).startsWith(causeText(failure))).toBe(true)
      }
    }
  })

  it('says how long to wait where that is known', () => {
    expect(failureText({ code: 'rate_limited', message: '', retry_after: 20 })).toContain('20 seconds')
    expect(failureText({ code: 'rate_limited', message: '', retry_after: null })).not.toMatch(/\d/u)
  })
})
