import type { Failure, FailureCode } from './backend/backend'
import { failureText } from './failures'
import { m } from './paraglide/messages'

const TEXTS: Partial<Record<FailureCode, () => string>> = {
  unreachable: m.sync_unreachable,
  wrong_key: m.sync_refused,
  locked: m.sync_wrong_code,
  not_found: m.sync_not_started,
  damaged: m.sync_damaged,
  configuration: m.sync_configuration,
}

/** What went wrong with other machines; what is invalid depends on what was tried. */
export function syncFailureText(failure: Failure, tried: 'start' | 'join' | null): string {
  if (failure.code === 'invalid' && tried !== null) return tried === 'start' ? m.sync_started() : m.sync_no_code()
  return TEXTS[failure.code]?.() ?? failureText(failure)
}
