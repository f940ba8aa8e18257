import type { MessageView } from './backend/backend'
import { beside } from './beside'
import { numberFormat } from './formats'
import { formatLocale } from './locale'
import { m } from './paraglide/messages'
import { durationText } from './quantities'

/** What an answer has cost: tokens and time, as far as they are known. */
export function costText({ usage, milliseconds }: Pick<MessageView, 'usage' | 'milliseconds'>): string {
  const number = numberFormat(formatLocale())
  const parts = []
  if (usage) parts.push(m.message_usage({ input: number.format(usage.input_tokens), output: number.format(usage.output_tokens) }))
  if (milliseconds !== null) parts.push(durationText(milliseconds))
  return beside(parts)
}

/** What there is to know about how an answer ended; null where it simply did. */
export function endText({ state, finish, role }: MessageView, empty: boolean): string | null {
  if (state === 'stopped') return m.message_stopped()
  if (state === 'interrupted') return m.message_interrupted()
  if (finish === 'length') return m.message_length()
  if (finish === 'content_filter') return m.message_filtered()
  return role === 'assistant' && state === 'complete' && empty ? m.message_empty() : null
}
