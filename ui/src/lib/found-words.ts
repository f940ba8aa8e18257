import type { Found, PreventionAction, PreventionKind } from './backend/backend'
import { m } from './paraglide/messages'

const KINDS: Record<PreventionKind, () => string> = {
  private_key: m.found_private_key,
  secret: m.found_secret,
  card: m.found_card,
  iban: m.found_iban,
  nir: m.found_nir,
  siret: m.found_siret,
  ssn: m.found_ssn,
  ein: m.found_ein,
  passport: m.found_passport,
  driving_licence: m.found_driving_licence,
  email: m.found_email,
  telephone: m.found_telephone,
  ip_address: m.found_ip_address,
  marking: m.found_marking,
  name: m.found_name,
  word: m.found_word,
  pattern: m.found_pattern,
}

/** All that can be done about it, the mildest first. */
export const ACTIONS: readonly PreventionAction[] = ['off', 'note', 'ask', 'replace', 'block']

const ACTION_TEXTS: Record<PreventionAction, () => string> = {
  off: m.found_off,
  note: m.found_noted,
  ask: m.found_asked,
  replace: m.found_replaced,
  block: m.found_blocked,
}

/** What was found. */
export function kindName(kind: Found['kind']): string {
  return KINDS[kind]()
}

/** The same with what the organisation calls the list that it comes from, in one line. */
export function kindText({ kind, rule }: Pick<Found, 'kind' | 'rule'>): string {
  const name = kindName(kind)
  return rule === null ? name : `${name} (${rule})`
}

/** What is done about it. */
export function actionText(action: PreventionAction): string {
  return ACTION_TEXTS[action]()
}

/** Each of what was found once, the strictest first, however often it stands there. */
export function distinct(found: readonly Found[]): Found[] {
  const order: readonly PreventionAction[] = ['block', 'ask', 'replace', 'note', 'off']
  const first = new Map(found.toReversed().map((one) => [`${one.kind} ${one.words} ${JSON.stringify(one.place)}`, one]))
  return [...first.values()].toReversed().toSorted((a, b) => order.indexOf(a.action) - order.indexOf(b.action))
}
