import type { Match } from '../backend/backend'
import { matchedWords } from '../snippet'
import type { App } from '../state/app.svelte'

/** Shows where a result of the search stands. */
export function openMatch({ chat, search, sidebar }: App, match: Match): Promise<void> {
  search.opened(match)
  sidebar.open = false
  // What was found in a file stands in none of the message's own words.
  return chat.open(match.conversation, match.message, match.attachment === null ? matchedWords(match.snippet) : [])
}

/** Goes on to the next result, or back to the one before, whichever conversation it stands in. */
export async function stepMatch(app: App, by: 1 | -1): Promise<void> {
  const match = app.search.beside(by)
  if (match) await openMatch(app, match)
}
