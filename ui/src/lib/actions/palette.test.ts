import Circle from '@lucide/svelte/icons/circle'
import { expect, it } from 'vitest'
import { conversation } from '../state/samples'
import type { Action } from './action'
import { type Offer, paletteGroups } from './palette'

const action = (title: string, fields: Partial<Action> = {}): Action => ({
  id: title,
  group: 'general',
  title: () => title,
  icon: Circle,
  run: () => undefined,
  ...fields,
})
const offer = (fields: Partial<Offer> = {}): Offer => ({
  actions: ['New window', 'Settings', 'Theme: Dark'].map((title) => action(title)),
  recent: [],
  conversations: [conversation('c', { title: 'Window cleaning' }), conversation('d', { title: 'Minutes' })],
  ...fields,
})
const shown = (query: string, from: Offer) =>
  paletteGroups(query, from).map(({ label, rows }) => [label, ...rows.map(({ title }) => title)])

it('shows what was used lately before anything is typed, each once', () => {
  expect(shown('', offer({ recent: ['Settings', 'gone'] }))).toEqual([
    ['Recent', 'Settings'],
    ['Conversations', 'Window cleaning', 'Minutes'],
    ['Actions', 'New window', 'Theme: Dark'],
  ])
})

it('shows the group of what fits best first', () => {
  expect(shown('window', offer())).toEqual([
    ['Conversations', 'Window cleaning'],
    ['Actions', 'New window'],
  ])
  expect(shown('new', offer())).toEqual([['Actions', 'New window']])
})

it('finds an action by what it is about, after those that are called so', () => {
  const actions = [action('Rename', { group: 'conversation' }), action('New conversation')]
  expect(shown('conversation', offer({ actions }))).toEqual([['Actions', 'New conversation', 'Rename']])
})

it('puts what was used lately before what fits as well', () => {
  const actions = ['Theme: Dark', 'Theme: Light'].map((title) => action(title))
  expect(shown('theme', offer({ actions, recent: ['Theme: Light'] }))).toEqual([['Actions', 'Theme: Light', 'Theme: Dark']])
})

it('finds an action by what people call it otherwise, by whole beginnings of words', () => {
  const actions = [action('Text size', { words: () => 'font, letters' }), action('Theme')]
  expect(shown('font', offer({ actions, conversations: [] }))).toEqual([['Actions', 'Text size']])
  expect(shown('fl', offer({ actions, conversations: [] }))).toEqual([])
})
