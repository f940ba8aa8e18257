import { afterEach, expect, it } from 'vitest'
import { speak } from './spoken.svelte'
import { findSettings, type SettingId, SETTINGS } from './settings'

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

it('finds each setting by the words that a newcomer has for it', async () => {
  const asked: Record<string, [string, SettingId][]> = {
    en: [['phone', 'sync'], ['password', 'slots'], ['change password', 'slots'], ['proxy', 'endpoints'], ['dark', 'theme'], ['dark mode', 'theme'], ['font', 'text_size'], ['delete', 'delete_all'], ['delete old', 'retention'], ['privacy', 'sent'], ['Ollama', 'endpoints'], ['Spanish', 'language'], ['help', 'diagnostics'], ['incognito', 'temporary'], ['cloud', 'sync'], ['logout', 'lock_minutes']],
    fr: [['téléphone', 'sync'], ['mot de passe', 'slots'], ['proxy', 'endpoints'], ['sombre', 'theme'], ['police', 'text_size'], ['supprimer', 'delete_all'], ['RGPD', 'sent'], ['arabe', 'language']],
    de: [['Telefon', 'sync'], ['Kennwort', 'slots'], ['dunkel', 'theme'], ['Schrift', 'text_size'], ['löschen', 'delete_all'], ['Datenschutz', 'sent']],
    es: [['teléfono', 'sync'], ['contraseña', 'slots'], ['oscuro', 'theme'], ['letra', 'text_size'], ['eliminar', 'delete_all']],
    pt: [['telefone', 'sync'], ['senha', 'slots'], ['escuro', 'theme'], ['letra', 'text_size'], ['eliminar', 'delete_all']],
    it: [['telefono', 'sync'], ['password', 'slots'], ['scura', 'theme'], ['carattere', 'text_size'], ['eliminare', 'delete_all']],
    ja: [['電話', 'sync'], ['パスワード', 'slots'], ['ダークモード', 'theme'], ['フォント', 'text_size'], ['削除', 'delete_all']],
    ar: [['هاتف', 'sync'], ['كلمة مرور', 'slots'], ['الداكن', 'theme'], ['خط', 'text_size'], ['حذف', 'delete_all']],
  }
  for (const [locale, words] of Object.entries(asked)) {
    await speak(locale)
    for (const [query, setting] of words) expect([...findSettings(query)], `${locale}: ${query}`).toContain(setting)
  }
})

it('shows every setting where nothing is asked', () => {
  expect(findSettings('  ').size).toBe(Object.keys(SETTINGS).length)
})

it('gives each setting one sentence', () => {
  for (const { text } of Object.values(SETTINGS)) expect(text()).toMatch(/^\p{Lu}.*\.$/u)
})
