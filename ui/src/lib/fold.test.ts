import { expect, it } from 'vitest'
import { fold, isWhole, occurrences } from './fold'

const found = (text: string, needle: string) =>
  occurrences(fold(text), fold(needle).text).map(({ start, end }) => text.slice(start, end))

it('finds without case and accents, typed or typeset', () => {
  expect(found('Le thème, le THEME', 'theme')).toEqual(['thème', 'THEME'])
  expect(found('Un œuvre d’art', "OEUVRE D'ART")).toEqual(['œuvre d’art'])
  expect(found('10\u202f000\u00a0€', '10 000 €')).toEqual(['10\u202f000\u00a0€'])
  expect(found('one\ntwo', 'one two')).toEqual(['one\ntwo'])
})

it('cuts no character: neither a letter from its accent, nor a ligature', () => {
  expect(found('e\u0301te\u0301', 'e')).toEqual(['e\u0301', 'e\u0301'])
  expect(found('cœur', 'co')).toEqual(['cœ'])
  expect(found('\u{1f600} é \u{1f600}', 'é')).toEqual(['é'])
})

it('finds nothing for nothing, and no overlapping places', () => {
  expect(found('aaaa', 'aa')).toEqual(['aa', 'aa'])
  expect(found('aaaa', '')).toEqual([])
})

it('tells a word from a piece of one, where words are parted', () => {
  const whole = (text: string, word: string) => isWhole(text, { start: text.indexOf(word), end: text.indexOf(word) + word.length })
  expect(whole('an elm', 'elm')).toBe(true)
  expect(whole('«elm»', 'elm')).toBe(true)
  expect(whole('elms', 'elm')).toBe(false)
  expect(whole('helm', 'elm')).toBe(false)
  expect(whole('2026', '202')).toBe(false)
  expect(whole('東京都', '京')).toBe(true)
})
