import { expect, it } from 'vitest'
import type { Block } from './backend/backend'
import { Sentences } from './sentences'

const block = (html: string): Block => ({ html, text: 0 }) as unknown as Block

it('gives a sentence once, when the next has begun', () => {
  const sentences = new Sentences('en', 'Code')
  const said = ['<p>The dead', '<p>The deadline is', '<p>The deadline is Monday.', '<p>The deadline is Monday. Then', '<p>The deadline is Monday. Then it ends.'].map((html) =>
    sentences.next([block(`${html}</p>`)], false),
  )
  expect(said).toEqual([[], [], [], ['The deadline is Monday.'], []])
  expect(sentences.next([block('<p>The deadline is Monday. Then it ends.</p>')], true)).toEqual(['Then it ends.'])
  expect(sentences.next([block('<p>The deadline is Monday. Then it ends.</p>')], true)).toEqual([])
})

it('gives what a closed block ends with, item by item, and of code its name', () => {
  const sentences = new Sentences('en', 'Code')
  const blocks = [block('<ul><li>one</li><li>two</li></ul>'), block('<pre class="code" data-part="first"><code>let a = 1. Then</code></pre>'), block('<pre class="code" data-part="last"><code>b</code></pre>'), block('<p>Done')]
  expect(sentences.next(blocks.slice(0, 1), false)).toEqual(['- one'])
  expect(sentences.next(blocks, false)).toEqual(['- two', 'Code'])
  expect(sentences.next(blocks, true)).toEqual(['Done'])
})

it('knows where sentences of other scripts end', () => {
  const sentences = new Sentences('ja', 'コード')
  expect(sentences.next([block('<p>期限は月曜日です。その後')], false)).toEqual(['期限は月曜日です。'])
})
