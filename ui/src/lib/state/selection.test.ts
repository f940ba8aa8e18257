import { beforeEach, expect, it } from 'vitest'
import type { Backend } from '../backend/backend'
import { Conversations } from './conversations.svelte'
import { conversation } from './samples'
import { Selection } from './selection.svelte'

let conversations: Conversations
let selection: Selection
const chosen = () => selection.chosen.map(({ id }) => id).join('')

beforeEach(() => {
  conversations = new Conversations({} as Backend)
  for (const [i, id] of [...'abcdef'].entries()) conversations.put(conversation(id, { updated: 10 - i }))
  selection = new Selection(conversations)
})

it('takes one after the other, and lets go of each', () => {
  selection.toggle('d')
  selection.toggle('b')
  expect(selection.active).toBe(true)
  expect(chosen()).toBe('bd')
  selection.toggle('d')
  expect(chosen()).toBe('b')
  selection.leave()
  expect([selection.active, chosen()]).toEqual([false, ''])
})

it('reaches from the one that was chosen last, and back again, beside what was chosen before', () => {
  selection.toggle('a')
  selection.toggle('c')
  selection.extend('f', null)
  expect(chosen()).toBe('acdef')
  selection.extend('d', null)
  expect(chosen()).toBe('acd')
})

it('reaches from where the keyboard is where nothing was chosen', () => {
  selection.extend('c', 'b')
  expect(chosen()).toBe('bc')
  selection.extend('a', 'c')
  expect(chosen()).toBe('ab')
})

it('begins with the one that is pressed where there is no beginning', () => {
  selection.extend('c', 'elsewhere')
  expect(chosen()).toBe('c')
  selection.extend('nowhere', 'c')
  expect(chosen()).toBe('c')
})

it('holds nothing that has left the list', () => {
  selection.all()
  expect(chosen()).toBe('abcdef')
  conversations.forget('c')
  expect(chosen()).toBe('abdef')
})
