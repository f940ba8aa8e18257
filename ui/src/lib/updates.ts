import type { UpdateProblemKind } from './backend/backend'
import { m } from './paraglide/messages'

/** Why there is no update, and what to do next. */
export const UPDATE_PROBLEMS: Record<UpdateProblemKind, () => string> = {
  unreachable: m.update_problem_unreachable,
  cut: m.update_problem_cut,
  announcement: m.update_problem_announcement,
  no_package: m.update_problem_no_package,
  older: m.update_problem_older,
  signature: m.update_problem_signature,
  changed: m.update_problem_changed,
  too_large: m.update_problem_too_large,
  no_space: m.update_problem_no_space,
  disk: m.update_problem_disk,
  not_installed: m.update_problem_not_installed,
}
