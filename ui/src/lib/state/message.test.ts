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
