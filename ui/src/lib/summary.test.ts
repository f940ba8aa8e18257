import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { speak } from './spoken.svelte'
import { keepHabits, summarisable, summaryChoices, summaryHabits, summaryLanguages, summaryQuestion } from './summary'

describe('a summary', () => {
  afterEach(() => speak('en'))

  it('is asked for in words of the page’s language', async () => {
    const choices = { length: 'short', form: 'bullets', language: 'fr', focus: '' } as const
    expect(summaryQuestion(['bail.pdf'], choices)).toBe('Summarise “bail.pdf” (short, list, in French)')
    await speak('fr')
    expect(summaryQuestion(['bail.pdf', 'avenant.docx'], { ...choices, focus: 'À quoi nous oblige-t-il\u202f?' })).toBe(
      'Résumer «\u00a0bail.pdf\u00a0» et «\u00a0avenant.docx\u00a0» (court, liste, en français)\u00a0: À quoi nous oblige-t-il\u202f?',
    )
    expect(summaryQuestion(['bail.pdf'], { ...choices, language: null })).toContain('dans la langue du document')
  })

  it('can be in the page’s language first, then in the document’s own, in each other one once', async () => {
    await speak('fr')
    const languages = summaryLanguages()
    expect(languages.slice(0, 3)).toEqual(['fr', null, 'en'])
    expect(new Set(languages).size).toBe(languages.length)
  })

  it('compares two documents at least', () => {
    const habits = { length: 'short', form: 'comparison', language: null } as const
    expect(summaryChoices(habits, 1, ' dates ')).toEqual({ length: 'short', form: 'bullets', language: null, focus: 'dates' })
    expect(summaryChoices(habits, 2, '').form).toBe('comparison')
  })

  it('is made of what has text and is open', () => {
    expect(summarisable({ media_type: 'text/plain', locked: false })).toBe(true)
    expect(summarisable({ media_type: 'image/png', locked: false })).toBe(false)
    expect(summarisable({ media_type: 'text/vnd.bureau.document', locked: true })).toBe(false)
  })
})

describe('the habits of summaries', () => {
  const usual = { length: 'medium', form: 'bullets', language: 'en' }
  let kept: Map<string, string>

  beforeEach(() => {
    kept = new Map()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('are as they were the last time', () => {
    expect(summaryHabits()).toEqual(usual)
    keepHabits({ length: 'long', form: 'table', language: null })
    expect(summaryHabits()).toEqual({ length: 'long', form: 'table', language: null })
  })

  it('hold nothing of what a summary was about', () => {
    keepHabits(summaryChoices({ length: 'long', form: 'table', language: 'de' }, 1, 'the secret'))
    expect([...kept.values()].join()).not.toContain('secret')
  })

  it('are the usual ones where what is kept makes no sense', () => {
    for (const text of ['{', '3', 'null', '[]', '{"length":"huge","form":"constructor","language":"xx"}']) {
      kept.set('summary', text)
      expect(summaryHabits(), text).toEqual(usual)
    }
  })

  it('are the usual ones where nothing can be kept', () => {
    vi.stubGlobal('localStorage', undefined)
    keepHabits({ length: 'long', form: 'table', language: null })
    expect(summaryHabits()).toEqual(usual)
  })
})
