import { afterEach, expect, it } from 'vitest'
import { speak } from './spoken.svelte'
import { findSettings, SETTINGS } from './settings'

afterEach(() => speak('en'))

it('finds a setting by words of its title or its sentence, in any order', () => {
  expect([...findSettings('theme')]).toEqual(['theme'])
  expect(findSettings('SENDS enter').has('enter')).toBe(true)
  expect([...findSettings('damaged')]).toEqual(['restore', 'verify'])
  expect(findSettings('no such thing').size).toBe(0)
})

it('finds without accents what is written with them', async () => {
  await speak('fr')
  expect([...findSettings('theme')]).toEqual(['theme'])
})

it('finds a setting by what people call it otherwise', async () => {
  expect(findSettings('passphrase').has('slots')).toBe(true)
  expect([...findSettings('font')]).toEqual(['text_size'])
  expect(findSettings('key').has('endpoints')).toBe(true)
  await speak('fr')
  expect([...findSettings('police')]).toEqual(['text_size'])
  expect(findSettings('mot de passe').has('slots')).toBe(true)
})

it('shows every setting where nothing is asked', () => {
  expect(findSettings('  ').size).toBe(Object.keys(SETTINGS).length)
})

it('gives each setting one sentence', () => {
  for (const { text } of Object.values(SETTINGS)) expect(text()).toMatch(/^\p{Lu}.*\.$/u)
})
