import { expect, it } from 'vitest'
import { withNotes } from './footnotes'

it('puts each footnote where it is referred to first', () => {
  const text = 'It ends[^1]. It costs 3\u00a0k€ [^Cost], as said[^1].\n\n[^1]: Article 3,\n    second paragraph.\n[^cost]: An estimate.\n'
  expect(withNotes(text)).toBe('It ends (Article 3, second paragraph.). It costs 3\u00a0k€ (An estimate.), as said.')
})

it('leaves out a number that refers to nothing, and nothing else', () => {
  expect(withNotes('It ends.[^2] See [^there] and [a](https://a.example/[^2]x).')).toBe('It ends. See [^there] and [a](https://a.example/x).')
  expect(withNotes('It [ends](#1).\n')).toBe('It [ends](#1).\n')
})

it('takes nothing out of code', () => {
  const text = 'Use `[^1]` or ``a`[^1]``:\n\n```js\n/[^1]/\n[^1]: x\n```\n\n~~~\n[^1]'
  expect(withNotes(`${text}\n~~~\n\n[^1]: Note.`)).toBe(`${text}\n~~~`)
  expect(withNotes(text)).toBe(text)
})

it('keeps what comes after a footnote', () => {
  expect(withNotes('A[^1].\n\n[^1]: Note.\n\nB.')).toBe('A (Note.).\n\nB.')
})
