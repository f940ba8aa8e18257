import { afterEach, expect, it } from 'vitest'
import { fixtures } from '../backend/fixtures'
import { speak } from '../spoken.svelte'
import { LANGUAGES, SETTINGS } from '../settings'
import { App } from '../state/app.svelte'
import { habits } from './habits'
import { Actions } from './registry.svelte'

afterEach(() => speak('en'))

async function begin() {
  const app = new App(fixtures(new URLSearchParams('filed')))
  await Promise.all([app.conversations.load(), app.filing.load(), app.models.load()])
  const actions = new Actions(app, { write: () => undefined, search: () => undefined })
  await actions.complete()
  return { app, actions }
}

it('gives no two actions the same keys, nor keys that a field needs', async () => {
  const { actions } = await begin()
  const chords = [...actions.all, ...habits({ enter_sends: true, quick_keys: 'CommandOrControl+Shift+Space' })].flatMap(({ keys }) => keys ?? [])
  expect(new Set(chords).size).toBe(chords.length)
  const editing = ['a', 'c', 'v', 'x', 'y', 'z'].map((key) => `mod+${key}`)
  expect(chords.filter((chord) => editing.includes(chord))).toEqual([])
})

it('makes no sign that is written the key of an action: what is dictated must not run one', async () => {
  const { actions } = await begin()
  const signs = actions.all.flatMap(({ keys }) => keys ?? []).filter((chord) => /(?:^|\+).$/u.test(chord))
  expect(signs.length).toBeGreaterThan(10)
  expect(signs.filter((chord) => !/^(?:mod|alt)\+/u.test(chord))).toEqual([])
})

it('calls no two actions of a group alike, in any language', async () => {
  const { actions } = await begin()
  for (const locale of Object.keys(LANGUAGES)) {
    await speak(locale)
    const titles = actions.all.map(({ group, title }) => `${group} ${title()}`)
    expect(new Set(titles).size).toBe(titles.length)
  }
})

it('leads to every setting, model, theme and language', async () => {
  const { app, actions } = await begin()
  const ids = actions.all.map(({ id }) => id)
  // Without an organisation there is none of its rules to show.
  for (const id of Object.keys(SETTINGS).filter((id) => id !== 'organisation')) expect(ids).toContain(`setting ${id}`)
  for (const { id } of app.models.list) expect(ids).toContain(`model ${id}`)
  expect(ids).toEqual(expect.arrayContaining(['theme light', 'theme dark', ...Object.keys(LANGUAGES).map((tag) => `language ${tag}`)]))
})

it('offers what can be done with the conversation that is shown', async () => {
  const { app, actions } = await begin()
  const available = () => actions.all.filter((action) => action.available !== false).map(({ id }) => id)
  expect(available()).not.toContain('rename')
  const note = app.conversations.list.find(({ title }) => title === 'Offline note')
  await app.chat.open(note?.id ?? '')
  expect(available()).toEqual(expect.arrayContaining(['rename', 'delete', 'find', 'again', 'copy-answer']))
  expect(available()).not.toContain('stop')
})
