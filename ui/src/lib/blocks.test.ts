import { expect, it } from 'vitest'
import { grouped, sectioned } from './blocks'

const blocks = (...html: string[]) => html.map((text) => ({ html: text }))
const pre = (part: string) => `<pre class="code" data-part="${part}" data-language="rust"><code></code></pre>`

it('puts the parts of one fence together, and leaves everything else by itself', () => {
  const parts = ['<p>a</p>', pre('first'), pre('middle'), pre('last'), pre('only'), '<ol data-part="last"></ol>']
  const groups = grouped(blocks(...parts))
  expect(groups.map(({ start, blocks }) => [start, blocks.length])).toEqual([[0, 1], [1, 3], [4, 1], [5, 1]])
  expect(groups.map(({ language }) => language)).toEqual([null, 'rust', 'rust', null])
  expect(groups.map(({ joined }) => joined)).toEqual([false, false, false, true])
})

it('does not lose a part whose beginning is not there', () => {
  expect(grouped(blocks(pre('last'), '<p></p>', pre('middle')))).toHaveLength(3)
})

it('leaves the groups of blocks that have not changed the same objects', () => {
  const shown = blocks('<p>a</p>', pre('only'), '<p>b</p>', pre('first'))
  const more = blocks(pre('middle'), pre('last'), '<p>c</p>')
  const before = grouped(shown)
  for (const after of [[...shown, ...more], [...shown.slice(0, 3), ...more], shown.slice(0, 2), [], shown]) {
    expect(grouped(after, before)).toEqual(grouped(after))
  }
  const kept = grouped([...shown, ...more], before).slice(0, 3)
  expect(kept.map((group, i) => group === before[i])).toEqual([true, true, true])
})

it('leaves the sections in which nothing has changed the same objects', () => {
  const shown = blocks(...Array.from({ length: 20 }, (_, i) => `<p>${i}</p>`))
  const groups = grouped(shown)
  const before = sectioned(groups)
  expect(before.flat()).toEqual(groups)
  const after = sectioned(grouped([...shown, ...blocks('<p>new</p>')], groups), before)
  expect(after.map((section, i) => section === before[i])).toEqual([true, true, false])
  expect(sectioned(groups.slice(0, 9), before).map(({ length }) => length)).toEqual([8, 1])
})
