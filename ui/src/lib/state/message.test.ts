import { beforeEach, expect, it, vi } from 'vitest'
import { ShownMessage } from './message.svelte'
import { conversation, view } from './samples'

const patch = (first_block: number, ...texts: string[]) =>
  ({ type: 'patch', message: 'a', first_block, blocks: texts.map((html) => ({ html })) }) as const
const shown = (message: ShownMessage) => message.blocks.map(({ html }) => html)

let waiting: Set<() => void>
vi.mock('../pace', () => ({ inPace: (show: () => void) => waiting.add(show) }))

function show() {
  for (const show of waiting) show()
  waiting.clear()
}

beforeEach(() => {
  waiting = new Set()
})

it('shows all that has come at once', () => {
  const message = new ShownMessage(view('a', null))
  message.apply({ type: 'reasoning', message: 'a', text: 'I ' })
  message.apply({ type: 'reasoning', message: 'a', text: 'think' })
  message.apply(patch(0, 'one'))
  message.apply(patch(0, 'one.', 'two'))
  message.apply(patch(1, 'two.'))
  expect(shown(message)).toEqual([])
  expect(message.reasoning).toBe('')
  expect(waiting.size).toBe(1)
  show()
  expect(shown(message)).toEqual(['one.', 'two.'])
  expect(message.reasoning).toBe('I think')
  message.apply(patch(2, 'three'))
  expect(waiting.size).toBe(1)
  show()
  expect(shown(message)).toEqual(['one.', 'two.', 'three'])
})

it('waits for nothing when the answer has ended', () => {
  const message = new ShownMessage(view('a', null))
  message.apply(patch(0, 'all'))
  message.apply({ type: 'ended', conversation: conversation('c'), message: view('a', null, { state: 'complete' }) })
  expect(shown(message)).toEqual(['all'])
  show()
  expect(shown(message)).toEqual(['all'])
})

it('shows the notes on the parts until the summary begins', () => {
  const message = new ShownMessage(view('a', null))
  const progress = { done: 1, total: 3, pages_done: 1, pages: 2, seconds_left: null, tokens: 0 }
  message.apply({ type: 'progress', message: 'a', progress })
  expect(message.unfolded).toBe(true)
  message.unfolded = false
  message.apply({ type: 'progress', message: 'a', progress: { ...progress, done: 2 } })
  expect(message.unfolded).toBe(false)
  expect(message.progress?.done).toBe(2)
  message.unfolded = true
  message.apply(patch(0, 'one'))
  expect(message.unfolded).toBe(false)
  show()
  message.unfolded = true
  message.apply(patch(1, 'two'))
  expect(message.unfolded).toBe(true)
})

it('leaves reasoning as it is folded where there are no parts', () => {
  const message = new ShownMessage(view('a', null))
  message.unfolded = true
  message.apply(patch(0, 'one'))
  expect(message.unfolded).toBe(true)
})
