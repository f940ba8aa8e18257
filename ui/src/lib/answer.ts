import type { Block, MessageView } from './backend/backend'

/** The blocks after every block from `first` on was replaced. Blocks before it stay the same objects. */
export function patched(blocks: readonly Block[], first: number, replacement: readonly Block[]): Block[] {
  return [...blocks.slice(0, first), ...replacement]
}

/** What the branch is made of: enough of a message to find its place. */
type Placed = Pick<MessageView, 'id' | 'parent'>

/**
 * The shown branch once an answer has begun. A new question, or an answer beside another, ends the
 * branch where it leaves it; a continued answer takes its own place again.
 */
export function begun<T extends Placed>(branch: readonly T[], question: T | null, answer: T): T[] {
  const base = question ? [...upTo(branch, question.parent), question] : branch
  return [...upTo(base, answer.parent).filter((message) => message.id !== answer.id), answer]
}

/** The branch up to and with this message; nothing without one, and all of it where that message is unknown here. */
function upTo<T extends Placed>(branch: readonly T[], id: string | null): readonly T[] {
  if (id === null) return []
  const place = branch.findIndex((message) => message.id === id)
  return place < 0 ? branch : branch.slice(0, place + 1)
}
