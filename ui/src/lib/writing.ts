import { PenLine, ScrollText, SpellCheck, WandSparkles } from '@lucide/svelte'
import type { TextLength, Tone, WritingAction } from './backend/backend'
import { m } from './paraglide/messages'

/** What can be done with a text, in the order in which it is offered. */
export const WRITING = {
  rewrite: { title: m.writing_rewrite, icon: WandSparkles },
  correct: { title: m.writing_correct, icon: SpellCheck },
  summarise: { title: m.writing_summarise, icon: ScrollText },
  from_notes: { title: m.writing_from_notes, icon: PenLine },
} satisfies Record<WritingAction, object>

export const WRITING_ACTIONS = Object.keys(WRITING) as WritingAction[]

export const TONES: Record<Tone, () => string> = {
  as_is: m.tone_as_is,
  formal: m.tone_formal,
  friendly: m.tone_friendly,
  direct: m.tone_direct,
  plain: m.tone_plain,
  administrative: m.tone_administrative,
}

export const TEXT_LENGTHS: Record<TextLength, () => string> = {
  as_is: m.text_length_as_is,
  shorter: m.text_length_shorter,
  longer: m.text_length_longer,
}
