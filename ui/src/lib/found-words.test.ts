import { expect, it } from 'vitest'
import type { Found } from './backend/backend'
import { distinct } from './found-words'

const found = (words: string, action: Found['action'], start: number): Found => ({
  kind: 'email',
  rule: null,
  action,
  place: { type: 'question' },
  start,
  end: start + words.length,
  words,
})

it('shows each finding once, at its first place, the strictest first', () => {
  const all = [found('a@b.fr', 'note', 0), found('c@d.fr', 'block', 10), found('a@b.fr', 'note', 20)]
  expect(distinct(all).map(({ words, start }) => [words, start])).toEqual([
    ['c@d.fr', 10],
    ['a@b.fr', 0],
  ])
})
