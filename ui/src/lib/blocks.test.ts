import { expect, it } from 'vitest'
import { grouped } from './blocks'

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
