import Languages from '@lucide/svelte/icons/languages'
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal'
import SunMoon from '@lucide/svelte/icons/sun-moon'
import type { Theme } from '../backend/backend'
import { m } from '../paraglide/messages'
import { LANGUAGES, sectionTitle, SETTINGS, type SettingId, THEMES } from '../settings'
import type { App } from '../state/app.svelte'
import type { Action } from './action'

/** Every other theme and language, and the way to each setting. */
export function settingActions({ layers, organisation, preferences }: App): Action[] {
  const { theme, language } = preferences.current
  const themes = (Object.keys(THEMES) as Theme[]).filter((name) => name !== theme)
  const languages = [null, ...Object.keys(LANGUAGES)].filter((tag) => tag !== language)
  const setting = { group: 'setting' } as const
  return [
    ...themes.map((name) => ({
      ...setting,
      id: `theme ${name}`,
      title: () => m.choice({ name: m.setting_theme(), value: THEMES[name]() }),
      icon: SunMoon,
      available: !organisation.fixes('theme'),
      run: () => preferences.change({ theme: name }),
    })),
    ...languages.map((tag) => ({
      ...setting,
      id: `language ${tag}`,
      title: () => m.choice({ name: m.setting_language(), value: languageName(tag) }),
      icon: Languages,
      available: !organisation.fixes('language'),
      run: () => preferences.change({ language: tag }),
    })),
    ...(Object.keys(SETTINGS) as SettingId[]).filter((id) => id !== 'organisation' || organisation.decided).map((id) => ({
      ...setting,
      id: `setting ${id}`,
      title: () => m.choice({ name: sectionTitle(SETTINGS[id].section), value: SETTINGS[id].title() }),
      words: SETTINGS[id].words,
      icon: SlidersHorizontal,
      run: () => layers.open({ name: 'settings', section: SETTINGS[id].section, setting: id }),
    })),
  ]
}

function languageName(tag: string | null): string {
  return Object.entries(LANGUAGES).find(([known]) => known === tag)?.[1] ?? m.setting_language_system()
}
