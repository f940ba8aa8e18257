import type { Rule, Settings, Theme } from './backend/backend'
import { fold } from './fold'
import { m } from './paraglide/messages'
import { chordText } from './shortcuts'
import type { Locale } from './spoken.svelte'

export const SECTIONS = ['general', 'appearance', 'shortcuts', 'privacy', 'endpoints', 'instructions', 'prompts', 'storage', 'activity', 'organisation', 'about'] as const
export type Section = (typeof SECTIONS)[number]

interface Setting {
  section: Section
  title: () => string
  text: () => string
  /** What else people call it. */
  words: () => string
}

/** Every setting, in the order of the page, each with its sentence and by what else it is found. */
export const SETTINGS = {
  language: { section: 'general', title: m.setting_language, text: m.setting_language_text, words: m.setting_language_words },
  model: { section: 'general', title: m.setting_model, text: m.setting_model_text, words: m.setting_model_words },
  enter: {
    section: 'general',
    title: m.setting_enter,
    text: () => m.setting_enter_text({ keys: chordText('mod+enter') }),
    words: m.setting_enter_words,
  },
  notify: { section: 'general', title: m.setting_notify, text: m.setting_notify_text, words: m.setting_notify_words },
  theme: { section: 'appearance', title: m.setting_theme, text: m.setting_theme_text, words: m.setting_theme_words },
  density: { section: 'appearance', title: m.setting_density, text: m.setting_density_text, words: m.setting_density_words },
  text_size: {
    section: 'appearance',
    title: m.setting_text_size,
    text: m.setting_text_size_text,
    words: m.setting_text_size_words,
  },
  speech_rate: { section: 'appearance', title: m.setting_speech_rate, text: m.setting_speech_rate_text, words: m.setting_speech_rate_words },
  quick_keys: {
    section: 'shortcuts',
    title: m.setting_quick_keys,
    text: m.setting_quick_keys_text,
    words: m.setting_quick_keys_words,
  },
  background: {
    section: 'shortcuts',
    title: m.setting_background,
    text: m.setting_background_text,
    words: m.setting_background_words,
  },
  sheet: { section: 'shortcuts', title: m.setting_sheet, text: m.setting_sheet_text, words: m.setting_sheet_words },
  sent: { section: 'privacy', title: m.setting_sent, text: m.setting_sent_text, words: m.setting_sent_words },
  temporary: { section: 'privacy', title: m.setting_temporary, text: m.setting_temporary_text, words: m.setting_temporary_words },
  model_titles: {
    section: 'privacy',
    title: m.setting_model_titles,
    text: m.setting_model_titles_text,
    words: m.setting_model_titles_words,
  },
  prevention: {
    section: 'privacy',
    title: m.setting_prevention,
    text: () => m.setting_prevention_text({ sent: m.found_noted(), off: m.found_off() }),
    words: m.setting_prevention_words,
  },
  keep_originals: {
    section: 'privacy',
    title: m.setting_keep_originals,
    text: m.setting_keep_originals_text,
    words: m.setting_keep_originals_words,
  },
  lock_minutes: {
    section: 'privacy',
    title: m.setting_lock_minutes,
    text: m.setting_lock_minutes_text,
    words: m.setting_lock_minutes_words,
  },
  lock_with_system: {
    section: 'privacy',
    title: m.setting_lock_with_system,
    text: m.setting_lock_with_system_text,
    words: m.setting_lock_with_system_words,
  },
  recorded: { section: 'privacy', title: m.setting_recorded, text: m.setting_recorded_text, words: m.setting_recorded_words },
  endpoints: {
    section: 'endpoints',
    title: m.setting_endpoints,
    text: m.setting_endpoints_text,
    words: m.setting_endpoints_words,
  },
  instructions: {
    section: 'instructions',
    title: m.setting_instructions,
    text: m.setting_instructions_text,
    words: m.setting_instructions_words,
  },
  prompts: { section: 'prompts', title: m.setting_prompts, text: () => m.setting_prompts_text({ name: '{{…}}' }), words: m.setting_prompts_words },
  folder: { section: 'storage', title: m.setting_folder, text: m.setting_folder_text, words: m.setting_folder_words },
  size: { section: 'storage', title: m.setting_size, text: m.setting_size_text, words: m.setting_size_words },
  slots: { section: 'storage', title: m.setting_slots, text: m.setting_slots_text, words: m.setting_slots_words },
  backups: { section: 'storage', title: m.setting_backups, text: m.setting_backups_text, words: m.setting_backups_words },
  backup_now: { section: 'storage', title: m.setting_backup_now, text: m.setting_backup_now_text, words: m.setting_backups_words },
  backup_schedule: {
    section: 'storage',
    title: m.setting_backup_schedule,
    text: m.setting_backup_schedule_text,
    words: m.setting_backup_schedule_words,
  },
  restore: { section: 'storage', title: m.setting_restore, text: m.setting_restore_text, words: m.setting_restore_words },
  sync: { section: 'storage', title: m.setting_sync, text: m.setting_sync_text, words: m.setting_sync_words },
  import: { section: 'storage', title: m.setting_import, text: m.setting_import_text, words: m.import_words },
  export: { section: 'storage', title: m.setting_export, text: m.setting_export_text, words: m.setting_export_words },
  retention: {
    section: 'storage',
    title: m.setting_retention,
    text: m.setting_retention_text,
    words: m.setting_retention_words,
  },
  hold: { section: 'storage', title: m.setting_hold, text: m.setting_hold_text, words: m.hold_words },
  verify: { section: 'storage', title: m.setting_verify, text: m.setting_verify_text, words: m.setting_verify_words },
  delete_all: {
    section: 'storage',
    title: m.setting_delete_all,
    text: m.setting_delete_all_text,
    words: m.setting_delete_all_words,
  },
  activity: { section: 'activity', title: m.setting_activity, text: m.setting_activity_text, words: m.setting_activity_words },
  organisation: {
    section: 'organisation',
    title: m.setting_organisation,
    text: m.setting_organisation_text,
    words: m.setting_organisation_words,
  },
  version: { section: 'about', title: m.setting_version, text: m.setting_version_text, words: m.setting_version_words },
  updates: { section: 'about', title: m.setting_updates, text: m.setting_updates_text, words: m.setting_updates_words },
  diagnostics: {
    section: 'about',
    title: m.setting_diagnostics,
    text: m.setting_diagnostics_text,
    words: m.setting_diagnostics_words,
  },
  licences: { section: 'about', title: m.setting_licences, text: m.setting_licences_text, words: m.setting_licences_words },
} satisfies Record<string, Setting>

export type SettingId = keyof typeof SETTINGS

/** What an organisation can decide of a setting: by fixing it, by a rule, which may leave some choice, or by what it prevents. */
export const GOVERNED: Partial<Record<SettingId, { setting?: keyof Settings; rules?: Rule[]; free?: true; prevents?: true }>> = {
  language: { setting: 'language' },
  model: { setting: 'model' },
  enter: { setting: 'enter_sends' },
  notify: { setting: 'notify' },
  theme: { setting: 'theme' },
  density: { setting: 'density' },
  text_size: { setting: 'text_size' },
  quick_keys: { setting: 'quick_keys' },
  background: { setting: 'background' },
  temporary: { setting: 'temporary', rules: ['no_temporary'] },
  model_titles: { setting: 'model_titles' },
  prevention: { prevents: true },
  endpoints: { rules: ['no_own_endpoints', 'servers'], free: true },
  speech_rate: { rules: ['no_reading_aloud'] },
  backups: { rules: ['no_backup'] },
  backup_now: { rules: ['no_backup'] },
  backup_schedule: { rules: ['no_backup'] },
  restore: { rules: ['hold'] },
  sync: { rules: ['no_sync'] },
  import: { rules: ['no_import'] },
  export: { rules: ['no_export', 'export_formats'], free: true },
  retention: { rules: ['hold', 'retention'], free: true },
  hold: { rules: ['hold'] },
  delete_all: { rules: ['hold'] },
  updates: { rules: ['no_updates'] },
}

export const THEMES: Record<Theme, () => string> = { system: m.theme_system, light: m.theme_light, dark: m.theme_dark }

/** Each in its own language, for whoever cannot read the others. */
export const LANGUAGES: Record<Locale, string> = {
  en: 'English',
  fr: 'Français',
  es: 'Español',
  de: 'Deutsch',
  pt: 'Português',
  it: 'Italiano',
  ja: '日本語',
  ar: 'العربية',
}

const SECTION_TITLES: Record<Section, () => string> = {
  general: m.section_general,
  appearance: m.section_appearance,
  shortcuts: m.section_shortcuts,
  privacy: m.section_privacy,
  endpoints: m.section_endpoints,
  instructions: m.section_instructions,
  prompts: m.prompts_title,
  storage: m.section_storage,
  activity: m.section_activity,
  organisation: m.section_organisation,
  about: m.section_about,
}

export function sectionTitle(section: Section): string {
  return SECTION_TITLES[section]()
}

/** The settings that hold every word, in any order, accents aside; all of them where there is no word. */
export function findSettings(query: string): Set<SettingId> {
  const words = fold(query).text.trim().split(/ +/u)
  const ids = Object.keys(SETTINGS) as SettingId[]
  return new Set(
    ids.filter((id) => {
      const { section, title, text, words: other } = SETTINGS[id]
      const held = fold(`${sectionTitle(section)} ${title()} ${text()} ${other()}`).text
      return words.every((word) => held.includes(word))
    }),
  )
}
