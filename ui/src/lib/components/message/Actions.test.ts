// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import type { MessageView } from '../../backend/backend'
import { ShownMessage } from '../../state/message.svelte'
import { conversation, view } from '../../state/samples'
import { appWith, mounted, textOf } from '../mounted'
import Actions from './Actions.svelte'

const answer = (fields: Partial<MessageView>) => view('a2', 'q', { state: 'complete', text: 'Yes.', ...fields })

function shown(fields: Partial<MessageView>, last = true) {
  const selectBranch = vi.fn((id: string) =>
    Promise.resolve({ conversation: conversation('c'), messages: [answer({ id })], from_start: true }),
  )
  const regenerate = vi.fn(() => new Promise<never>(() => undefined))
  const app = appWith({ selectBranch, regenerate })
  const { thread } = app.chat
  const message = new ShownMessage(answer(fields))
  thread.messages = [message]
  return { selectBranch, regenerate, ...mounted(Actions, { thread, message, last }, app) }
}

const disabled = (button: HTMLElement | null) => (button as HTMLButtonElement | null)?.disabled

it('goes from one version to the next, and not beyond the ends', () => {
  expect(shown({ siblings: ['a2'] }).target.querySelector('.branches')).toBeNull()
  const middle = shown({ siblings: ['a1', 'a2', 'a3'] })
  expect(textOf(middle.target.querySelector('.branches'))).toBe('2/3')
  middle.press('next-branch')
  expect(middle.selectBranch.mock.calls).toEqual([['a3']])
  const end = shown({ siblings: ['a1', 'a2'] })
  expect([disabled(end.find('previous-branch')), disabled(end.find('next-branch'))]).toEqual([false, true])
  end.press('previous-branch')
  expect(end.selectBranch.mock.calls).toEqual([['a1']])
})

it('goes on only with what ended early, at the end of the conversation', () => {
  expect(shown({}).find('continue')).toBeNull()
  expect(shown({ state: 'interrupted' }).find('continue')).not.toBeNull()
  expect(shown({ state: 'interrupted' }, false).find('continue')).toBeNull()
  expect(shown({ state: 'failed', text: '' }).find('continue')).toBeNull()
})

it('offers no work on a text that there is not', () => {
  for (const id of ['work-on-message', 'translate-message', 'drag-out']) {
    expect(shown({}).find(id)).not.toBeNull()
    expect(shown({ state: 'failed', text: '' }).find(id)).toBeNull()
  }
})

it('answers again, and waits for that', () => {
  const failed = shown({ state: 'failed', text: '', siblings: ['a1', 'a2'] })
  expect(textOf(failed.find('try-again'))).toBe('Try again')
  failed.press('try-again')
  expect(failed.regenerate.mock.calls).toEqual([['a2', null, false, expect.any(Function)]])
  expect([disabled(failed.find('try-again')), disabled(failed.find('previous-branch'))]).toEqual([true, true])
  expect(textOf(shown({}).find('try-again'))).toBe('Answer again')
})
