import type { AppliedFinding, AppliedRule, ExportFormat, PreventionAction, Rule } from './backend/backend'
import { FORMATS } from './actions/export-formats'
import { listText } from './formats'
import { ACTIONS, kindText } from './found-words'
import { formatLocale } from './locale'
import { m } from './paraglide/messages'
import { getLocale } from './spoken.svelte'
import { sizeText, waitText } from './quantities'
import { GOVERNED, SETTINGS, type SettingId } from './settings'

const KINDS: Record<string, () => string> = {
  text: m.kind_text,
  image: m.kind_image,
  pdf: m.kind_pdf,
  office: m.kind_office,
  mail: m.kind_mail,
  book: m.kind_book,
}

const list = (values: string[]) => listText(formatLocale(), values)

const TEXTS: Record<Rule, (values: string[]) => string> = {
  no_own_endpoints: m.rule_no_own_endpoints,
  servers: (values) => m.rule_servers({ servers: list(values) }),
  provided_endpoints: (values) => m.rule_provided_endpoints({ endpoints: list(values) }),
  models: (values) => m.rule_models({ models: list(values) }),
  parameters: (values) => m.rule_parameters({ parameters: list(values) }),
  proxy: (values) => m.rule_proxy({ proxy: list(values) }),
  ca_certificates: (values) => m.rule_ca_certificates({ files: list(values) }),
  no_built_in_model: m.rule_no_built_in_model,
  no_export: m.rule_no_export,
  export_formats: (values) => m.rule_export_formats({ formats: list(values.map((name) => FORMATS[name as ExportFormat]())) }),
  no_copy: m.rule_no_copy,
  no_clipboard: m.rule_no_clipboard,
  no_drag_out: m.rule_no_drag_out,
  no_sync: m.rule_no_sync,
  no_temporary: m.rule_no_temporary,
  no_import: m.rule_no_import,
  no_links: m.rule_no_links,
  no_backup: m.rule_no_backup,
  no_file_changes: m.rule_no_file_changes,
  no_reading_aloud: m.rule_no_reading_aloud,
  no_attachments: m.rule_no_attachments,
  attachment_kinds: (values) => m.rule_attachment_kinds({ kinds: list(values.map((kind) => KINDS[kind]?.() ?? kind)) }),
  attachment_size: ([bytes]) => m.rule_attachment_size({ size: sizeText(Number(bytes)) }),
  retention: ([days]) => m.rule_retention({ days: days ?? '' }),
  hold: m.rule_hold,
  update_channel: ([channel]) => m.rule_update_channel({ channel: channel ?? '' }),
  no_updates: m.rule_no_updates,
  lock_idle: ([minutes]) => m.rule_lock_idle({ time: waitText(Number(minutes) * 60, getLocale()) }),
  lock_with_system: m.rule_lock_with_system,
  passphrase: m.rule_passphrase,
  tries: ([tries]) => m.rule_tries({ tries: tries ?? '' }),
  notice: m.rule_notice,
  marking: ([text]) => m.rule_marking({ text: text ?? '' }),
  recovery: m.rule_recovery,
  provided_prompts: ([count]) => m.rule_provided_prompts({ count: count ?? '' }),
}

/** A rule in plain words. */
export function ruleText({ rule, values }: AppliedRule): string {
  return TEXTS[rule](values)
}

const FOUND: Record<PreventionAction, (places: { found: string }) => string> = {
  off: m.rule_found_off,
  note: m.rule_found_note,
  ask: m.rule_found_ask,
  replace: m.rule_found_replace,
  block: m.rule_found_block,
}

/** What is done about what is found in what is sent, in plain words: a sentence for each thing that is done, the strictest first. */
export function findingTexts(findings: readonly AppliedFinding[]): string[] {
  return ACTIONS.toReversed().flatMap((action) => {
    const found = findings.filter((finding) => finding.action === action).map(kindText)
    return found.length > 0 ? [FOUND[action]({ found: list(found) })] : []
  })
}

/** What a setting that is fixed is called. */
export function settingName(name: string): string {
  const id = (Object.keys(GOVERNED) as SettingId[]).find((id) => GOVERNED[id]?.setting === name)
  return id ? SETTINGS[id].title() : name
}
