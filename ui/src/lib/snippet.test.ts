import { expect, it } from 'vitest'
import { matchedWords, pieces } from './snippet'

it('marks what stands between the two characters', () => {
  expect(pieces('the \u0002draft\u0003 of a \u0002decree\u0003')).toEqual([
    { text: 'the ', matched: false },
    { text: 'draft', matched: true },
    { text: ' of a ', matched: false },
    { text: 'decree', matched: true },
  ])
})

it('leaves HTML as the text that it is', () => {
  expect(pieces('<b>\u0002<i>\u0003')).toEqual([
    { text: '<b>', matched: false },
    { text: '<i>', matched: true },
  ])
})

it('bears a cut snippet', () => {
  expect(pieces('a\u0003b\u0002c')).toEqual([
    { text: 'a', matched: false },
    { text: 'b', matched: false },
    { text: 'c', matched: true },
  ])
  expect(pieces('')).toEqual([])
})

it('tells each word that matched once', () => {
  expect(matchedWords('\u0002an\u0003 oak, \u0002an\u0003 \u0002Elm\u0003')).toEqual(['an', 'Elm'])
})
