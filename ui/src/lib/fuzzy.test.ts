import { expect, it } from 'vitest'
import { fit, piecesOf } from './fuzzy'

const marked = (query: string, text: string) =>
  piecesOf(text, fit(query, text)?.spans ?? [])
    .map((piece) => (piece.matched ? `[${piece.text}]` : piece.text))
    .join('')
const best = (query: string, texts: string[]) =>
  texts.filter((text) => fit(query, text)).sort((a, b) => (fit(query, b)?.score ?? 0) - (fit(query, a)?.score ?? 0))

it('finds words in any order, without their accents', () => {
  expect(marked('theme reg', 'Réglages du thème')).toBe('[Rég]lages du [thème]')
  expect(fit('theme blue', 'Réglages du thème')).toBeNull()
})

it('finds first letters, but not letters strewn anywhere', () => {
  expect(marked('ntc', 'New temporary conversation')).toBe('[N]ew [t]emporary [c]onversation')
  expect(marked('newc', 'New conversation')).toBe('[N][e][w] [c]onversation')
  expect(fit('wvs', 'New conversation')).toBeNull()
})

it('puts the beginning of a title before that of a word, and that before the middle of one', () => {
  expect(best('open', ['A reopened file', 'Letter, open', 'Open in a new window'])).toEqual([
    'Open in a new window',
    'Letter, open',
    'A reopened file',
  ])
})
