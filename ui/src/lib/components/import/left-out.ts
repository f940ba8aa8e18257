import type { LeftOut, Omission, Refusal } from '../../backend/backend'
import { numberFormat } from '../../formats'
import { formatLocale } from '../../locale'
import { m } from '../../paraglide/messages'

const OMISSIONS: Record<Omission['kind'], () => string> = {
  hidden_message: m.left_out_hidden_message,
  tool_message: m.left_out_tool_message,
  empty_message: m.left_out_empty_message,
  repeated_message: m.left_out_repeated_message,
  missing_parent: m.left_out_missing_parent,
  recording: m.left_out_recording,
  missing_file: m.left_out_missing_file,
  file_too_large: m.left_out_file_too_large,
  other_file: m.left_out_other_file,
  unknown_part: m.left_out_unknown_part,
  folder_name: m.left_out_folder_name,
  custom_assistant: m.left_out_custom_assistant,
  preamble: m.left_out_preamble,
}

const REFUSALS: Record<Refusal['kind'], () => string> = {
  not_json: m.refusal_not_json,
  cut_off: m.refusal_cut_off,
  wrong_shape: m.refusal_wrong_shape,
  too_large: m.refusal_too_large,
  too_deep: m.refusal_too_deep,
  cycle: m.refusal_cycle,
  empty: m.refusal_empty,
  not_a_tree: m.refusal_not_a_tree,
  no_id: m.refusal_no_id,
  repeated: m.refusal_repeated,
  no_speakers: m.refusal_no_speakers,
  not_text: m.refusal_not_text,
}

/** What was left out of a conversation, and how often. */
export function omissionText({ what, count }: LeftOut): string {
  const name = 'name' in what ? what.name : 'part' in what ? what.part : null
  const times = name === null || count > 1 ? numberFormat(formatLocale()).format(count) : null
  return m.choice({ name: OMISSIONS[what.kind](), value: [name, times].filter((part) => part !== null).join(' × ') })
}

/** Why a conversation was not brought in, and where in the file that shows. */
export function refusalText(reason: Refusal): string {
  const text = REFUSALS[reason.kind]()
  return 'place' in reason ? m.refusal_at({ text, line: numberFormat(formatLocale()).format(reason.place.line) }) : text
}
