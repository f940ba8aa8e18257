import type { Conversation, Place, View } from './backend/backend'

/** What is listed until something else is chosen. */
export const ALL: View = { type: 'all' }

/** Where a conversation stands in its list. */
export function placeOf({ pinned, updated, id }: Conversation): Place {
  return { pinned, updated: updated ?? 0, id }
}

/** The order of every list but the trash: pinned ones first, then the last changed ones; of two, the one that was made last. */
export function byPlace(a: Place, b: Place): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1
  if (a.updated !== b.updated) return (b.updated ?? 0) - (a.updated ?? 0)
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}

/** Whether a conversation that is not deleted is listed there. */
export function belongs({ folder, tags, archived }: Conversation, view: View): boolean {
  switch (view.type) {
    case 'all':
      return !archived
    case 'folder':
      return folder === view.folder && !archived
    case 'tag':
      return tags.includes(view.tag) && !archived
    case 'archived':
      return archived
    case 'deleted':
      return false
  }
}

export function sameView(a: View, b: View): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
