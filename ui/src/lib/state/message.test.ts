import { afterEach, expect, it, vi } from 'vitest'
import { ShownMessage } from './message.svelte'
import { conversation, view } from './samples'

const patch = (first_block: number, ...texts: string[]) =>
  ({ type: 'patch', message: 'a', first_block, blocks: texts.map((html) => ({ html })) }) as const
const shown = (message: ShownMessage) => message.blocks.map(({ html }) => html)

let frames: (() => void)[]

function visible(hidden = false) {
  frames = []
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame))
  vi.stubGlobal('document', { hidden })
}

afterEach(() => vi.unstubAllGlobals())

it('shows all patches that have come in one frame', () => {
  visible()
  const message = new ShownMessage(view('a', null))
  message.apply(patch(0, 'one'))
  message.apply(patch(0, 'one.', 'two'))
  message.apply(patch(1, 'two.'))
  expect(shown(message)).toEqual([])
  expect(frames).toHaveLength(1)
  frames[0]?.()
  expect(shown(message)).toEqual(['one.', 'two.'])
  message.apply(patch(2, 'three'))
  expect(frames).toHaveLength(2)
})

it('waits for no frame when the answer has ended, nor while the page is hidden', () => {
  visible()
  const message = new ShownMessage(view('a', null))
  message.apply(patch(0, 'all'))
  message.apply({ type: 'ended', conversation: conversation('c'), message: view('a', null, { state: 'complete' }) })
  expect(shown(message)).toEqual(['all'])
  visible(true)
  message.apply(patch(0, 'more'))
  expect(shown(message)).toEqual(['more'])
  expect(frames).toEqual([])
})
