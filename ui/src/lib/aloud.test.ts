import { expect, it } from 'vitest'
import { pieces, textPieces } from './aloud'
import type { Block } from './backend/backend'
import { textOf } from './plain-text'

const block = (html: string): Block => ({ html })
const code = (lines: number) => `Code, ${lines}`
const said = (...html: string[]) => pieces(html.map(block), 'en', code).map(({ text }) => text)

it('says paragraphs by sentences, lists by items and tables by rows', () => {
  expect(said('<p>The deadline is\n<em>Monday</em>. Then it &amp; all ends.</p>')).toEqual(['The deadline is Monday.', 'Then it & all ends.'])
  expect(said('<ul><li>one</li><li><p>two. Three</p></li></ul>', '<h2>Costs</h2>')).toEqual(['one', 'two.', 'Three', 'Costs'])
  const table = '<table><thead><tr><th>Year</th><th>Rent</th></tr></thead><tbody><tr><td>2026</td><td>49 440</td></tr><tr><td>2027</td><td></td></tr></tbody></table>'
  expect(said(table)).toEqual(['Year, Rent', '2026, 49 440', '2027'])
  expect(said('<p>one<br>two</p>', '<p>— …</p>')).toEqual(['one', 'two'])
})

it('says links by their text, passes over the numbers of footnotes, and takes formulas apart', () => {
  expect(said('<p>See <a href="https://example.org/a.b">the lease</a><sup class="footnote-reference"><a href="#fn-1">1</a></sup>.</p>')).toEqual(['See the lease.'])
  expect(said('<p>x<sup>2</sup> and <math><mi>a</mi><mo>+</mo><mi>b</mi></math></p>')).toEqual(['x2 and a + b'])
})

it('says of code how many lines it has, once for all its parts', () => {
  const part = (name: string, text: string) => `<pre class="code" data-part="${name}"><code>${text}</code></pre>`
  const all = pieces([block(part('first', 'a\nb\n')), block(part('middle', 'c\n')), block(part('last', 'd')), block('<p>Done.</p>'), block(part('only', 'e'))], 'fr', code)
  expect(all.map(({ text, language, place }) => [text, language, place?.block])).toEqual([['Code, 4', 'fr', undefined], ['Done.', null, 3], ['Code, 1', 'fr', undefined]])
  // One that was cut off is said, too.
  expect(said(part('first', 'a'))).toEqual(['Code, 1'])
})

it('says other scripts by their sentences', () => {
  expect(said('<p>期限は月曜日です。その後終わります。</p>')).toEqual(['期限は月曜日です。', 'その後終わります。'])
  expect(textPieces('Erste Zeile\nZweite. Dritte', 'de').map(({ text }) => text)).toEqual(['Erste Zeile', 'Zweite.', 'Dritte'])
})

it('loses no word, says none twice, and knows where each stands', () => {
  let seed = 7
  const next = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
  const some = <T>(of: readonly T[]): T => of[next(of.length)] as T
  const words = ['word', 'Zwölf', 'a.', 'b!', '月曜日。', '👩‍🔬x', '3.5', 'M.', '&amp;c', '…', '\n', ' ', 'l’été', 'x'.repeat(1200), '😀'.repeat(700) + '1']
  const text = () => Array.from({ length: next(12) }, () => some(words)).join(some(['', ' ']))
  const wrapped = [
    () => `<p>${text()}<strong>${text()}</strong><br>${text()}</p>`,
    () => `<ul><li>${text()}</li><li><p>${text()}</p></li></ul>`,
    () => `<table><tbody><tr><td>${text()}</td><td>${text()}</td></tr></tbody></table>`,
    () => `<blockquote><p>${text()}</p>${text()}</blockquote>`,
  ]
  const spoken = (value: string) => value.replace(/[^\p{L}\p{N}]/gu, '')
  for (let round = 0; round < 300; round += 1) {
    const blocks = Array.from({ length: 1 + next(4) }, () => block(some(wrapped)()))
    const all = pieces(blocks, 'en', code)
    expect(spoken(all.map((piece) => piece.text).join(''))).toBe(spoken(blocks.map(({ html }) => textOf(html)).join('')))
    let [at, end] = [-1, 0]
    for (const { text, place } of all) {
      expect(text.length).toBeLessThanOrEqual(1000)
      if (!place) throw new Error('it stands somewhere')
      const there = textOf(blocks[place.block]?.html ?? '').slice(place.start, place.end)
      expect(spoken(there)).toBe(spoken(text))
      // One after the other.
      expect(place.block > at || (place.block === at && place.start >= end)).toBe(true)
      ;[at, end] = [place.block, place.end]
    }
  }
})
