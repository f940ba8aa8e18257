import { expect, it, vi } from 'vitest'
import { Find, type Hit, type Target } from './find.svelte'
import { ShownMessage } from './message.svelte'
import { view } from './samples'

const message = (id: string, ...html: string[]) => new ShownMessage(view(id, null, { blocks: html.map((text) => ({ html: text })) }))

function begin(...messages: ShownMessage[]) {
  const show = vi.fn<(target: Target) => void>()
  const find = new Find(() => messages, show)
  find.begin()
  return { find, show }
}

it('counts over every message, in the text that is shown and not in its marks', () => {
  const { find } = begin(
    message('a', '<p>The <strong class="strong">thé</strong></p>', '<pre><code>the &amp; the</code></pre>'),
    message('b', '<p>nothing</p>'),
    message('c', '<p>A theme</p>'),
  )
  find.search('THE')
  expect(find.count).toBe(5)
  expect(find.in('a')).toEqual([
    { block: 0, start: 0, end: 3 },
    { block: 0, start: 4, end: 7 },
    { block: 1, start: 0, end: 3 },
    { block: 1, start: 6, end: 9 },
  ])
  expect(find.in('b')).toEqual([])
  find.search('strong')
  expect(find.count).toBe(0)
  find.search(' ')
  expect(find.count).toBe(0)
})

it('begins at the message that is read, and goes round at the ends', () => {
  const { find, show } = begin(message('a', '<p>x</p>'), message('b', '<p>-</p>'), message('c', '<p>x x</p>'))
  find.from = 1
  find.search('x')
  const shown = () => show.mock.lastCall?.[0]
  expect([find.at, find.count]).toEqual([1, 3])
  expect(shown()).toEqual({ message: 'c', place: { block: 0, start: 0, end: 1 } })
  find.step(1)
  find.step(1)
  expect(shown()?.message).toBe('a')
  find.step(-1)
  expect(shown()).toEqual({ message: 'c', place: { block: 0, start: 2, end: 3 } })
})

it('begins in the message that is read after what was scrolled past', () => {
  const { find } = begin(message('a', '<p>x</p>'), message('b', '<p>x x x</p>'), message('c', '<p>x</p>'))
  find.from = 1
  find.passed = ({ place }) => place.start < 2
  find.search('x')
  expect(find.at).toBe(2)
  find.passed = () => true
  find.search('x')
  expect(find.at).toBe(4)
})

it('follows an answer that arrives, and shows nothing once it is closed', () => {
  const arriving = message('a', '<p>x</p>')
  const { find, show } = begin(arriving)
  find.search('x')
  arriving.apply({ type: 'patch', message: 'a', first_block: 1, blocks: [{ html: '<p>xx</p>' }] })
  expect(find.count).toBe(3)
  expect(show).toHaveBeenCalledTimes(1)
  find.close()
  expect(find.in('a')).toEqual([])
  expect(find.current).toBeNull()
})

it('marks the words of a hit in its message alone, until something is looked for here', () => {
  const messages = [message('a', '<p>Elms</p>'), message('b', '<p>An élan, the elm</p>', '<p>Elm, elms; an</p>')]
  let hit: Hit | null = { message: 'b', words: ['elm', 'an'] }
  const find = new Find(() => messages, () => {}, () => hit)
  expect(find.in('a')).toEqual([])
  expect(find.in('b')).toEqual([
    { block: 0, start: 0, end: 2 },
    { block: 0, start: 13, end: 16 },
    { block: 1, start: 0, end: 3 },
    { block: 1, start: 11, end: 13 },
  ])
  expect(find.current).toEqual({ message: 'b', place: { block: 0, start: 0, end: 2 } })
  expect(find.count).toBe(0)
  find.begin()
  expect(find.in('b')).toEqual([])
  find.close()
  hit = { message: 'b' }
  find.begin()
  find.close()
  expect(find.in('b')).toEqual([])
})
