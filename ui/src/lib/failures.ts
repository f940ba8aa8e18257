import type { Failure, FailureCode } from './backend/backend'
import { m } from './paraglide/messages'
import { getLocale } from './spoken.svelte'
import { waitText } from './quantities'

const TEXTS: Record<FailureCode, () => string> = {
  wrong_key: m.failure_wrong_key,
  unknown_model: m.failure_unknown_model,
  too_long: m.failure_too_long,
  no_images: m.failure_no_images,
  rate_limited: m.failure_rate_limited,
  content_filter: m.failure_content_filter,
  server_fault: m.failure_server_fault,
  rejected: m.failure_rejected,
  not_the_protocol: m.failure_not_the_protocol,
  unreachable: m.failure_unreachable,
  unknown_host: m.failure_unknown_host,
  tls: m.failure_tls,
  timed_out: m.failure_timed_out,
  cut_off: m.failure_cut_off,
  configuration: m.failure_configuration,
  model_unavailable: m.failure_model_unavailable,
  not_found: m.failure_not_found,
  invalid: m.failure_invalid,
  locked: m.failure_locked,
  no_key: m.failure_no_key,
  storage: m.failure_storage,
  damaged: m.failure_damaged,
  busy: m.failure_busy,
  newer_version: m.failure_newer_version,
  held: m.failure_held,
  password_needed: m.failure_password_needed,
  wrong_password: m.failure_wrong_password,
  empty_file: m.failure_empty_file,
  unsupported_file: m.failure_unsupported_file,
  damaged_file: m.failure_damaged_file,
  file_too_large: m.failure_file_too_large,
  file_too_slow: m.failure_file_too_slow,
  forbidden: m.failure_forbidden,
  prevented: m.failure_prevented,
  confirmation_needed: m.failure_confirmation_needed,
  too_many_tries: m.failure_too_many_tries,
  banner_not_accepted: m.failure_banner_not_accepted,
  internal: m.failure_internal,
  sign_in_needed: m.failure_sign_in_needed,
  sign_in_failed: m.failure_sign_in_failed,
}

/** What to do next; null where what went wrong says that as well. */
const NEXT: Record<FailureCode, (() => string) | null> = {
  wrong_key: null,
  unknown_model: null,
  too_long: null,
  no_images: null,
  rate_limited: m.next_rate_limited,
  content_filter: m.next_content_filter,
  server_fault: null,
  rejected: m.next_rejected,
  not_the_protocol: null,
  unreachable: m.next_unreachable,
  unknown_host: null,
  tls: m.next_tls,
  timed_out: m.next_timed_out,
  cut_off: m.next_cut_off,
  configuration: m.next_configuration,
  model_unavailable: m.next_model_unavailable,
  not_found: m.next_not_found,
  invalid: m.next_invalid,
  locked: m.next_locked,
  no_key: null,
  storage: m.next_storage,
  damaged: null,
  busy: null,
  newer_version: null,
  held: m.next_held,
  password_needed: null,
  wrong_password: null,
  empty_file: null,
  unsupported_file: null,
  damaged_file: null,
  file_too_large: null,
  file_too_slow: null,
  forbidden: m.next_forbidden,
  prevented: m.next_prevented,
  confirmation_needed: null,
  too_many_tries: m.next_rate_limited,
  banner_not_accepted: null,
  internal: m.next_internal,
  sign_in_needed: null,
  sign_in_failed: m.next_sign_in_failed,
}

/** What to look at in an endpoint that fails so. */
const MENDS: Partial<Record<FailureCode, () => string>> = {
  wrong_key: m.mend_wrong_key,
  unknown_host: m.mend_unknown_host,
  unreachable: m.mend_unreachable,
  tls: m.mend_tls,
  not_the_protocol: m.mend_not_the_protocol,
  configuration: () => m.mend_configuration({ box: m.endpoint_http() }),
  invalid: m.mend_invalid,
}

/** How to mend an endpoint, where it is known. */
export function mendText(code: FailureCode): string | null {
  return MENDS[code]?.() ?? null
}

/** Whether nothing was said to anybody, as there was nobody to say it to. */
export function unreached({ code }: Failure): boolean {
  return code === 'unreachable' || code === 'unknown_host' || code === 'tls'
}

/** What went wrong, where something else says what to do. */
export function causeText({ code }: Failure): string {
  return TEXTS[code]()
}

/** What went wrong and what to do, in the person's language. */
export function failureText(failure: Failure): string {
  // What the organisation itself says of it stands on the second line.
  const reason = failure.code === 'forbidden' ? failure.message.split('\n')[1] : undefined
  const wait = failure.retry_after === null ? undefined : m.failure_retry_after({ time: waitText(failure.retry_after, getLocale()) })
  return [causeText(failure), reason || wait || NEXT[failure.code]?.()].filter(Boolean).join(' ')
}
