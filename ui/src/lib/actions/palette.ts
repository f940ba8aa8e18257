import type { Conversation } from '../backend/backend'
import { fold } from '../fold'
import { fit, type Fit, piecesOf } from '../fuzzy'
import { m } from '../paraglide/messages'
import type { Piece } from '../snippet'
import { type Action, GROUPS } from './action'

const RECENT_ACTIONS = 5
const RECENT_CONVERSATIONS = 6
const MOST_CONVERSATIONS = 20
/** What was chosen lately goes before what fits as well. */
const LATELY = 0.5

interface Titled {
  id: string
  title: string
  /** The title, with what was typed marked in it. */
  pieces: readonly Piece[]
}

export type Row = Titled & ({ action: Action } | { conversation: Conversation })

export interface RowGroup {
  label: string
  rows: readonly Row[]
}

/** What the palette has to choose from. */
export interface Offer {
  actions: readonly Action[]
  /** Ids of the actions chosen last, the last one first. */
  recent: readonly string[]
  /** The last changed one first. */
  conversations: readonly Conversation[]
}

/** What the palette shows: what was used lately first, or what fits what is typed, the best group first. */
export function paletteGroups(query: string, { actions, recent, conversations }: Offer): RowGroup[] {
  const groups = query.trim() === '' ? unasked(actions, recent, conversations) : asked(query, actions, recent, conversations)
  return groups.filter(({ rows }) => rows.length > 0)
}

function unasked(actions: Offer['actions'], recent: Offer['recent'], conversations: Offer['conversations']): RowGroup[] {
  const lately = recent.flatMap((id) => actions.filter((action) => action.id === id)).slice(0, RECENT_ACTIONS)
  return [
    { label: m.palette_recent(), rows: lately.map((action) => actionRow(action)) },
    { label: m.sidebar_label(), rows: conversations.slice(0, RECENT_CONVERSATIONS).map((c) => conversationRow(c)) },
    { label: m.palette_actions(), rows: actions.filter((action) => !lately.includes(action)).map((a) => actionRow(a)) },
  ]
}

function asked(
  query: string,
  actions: Offer['actions'],
  recent: Offer['recent'],
  conversations: Offer['conversations'],
): RowGroup[] {
  const fitting = ranked(actions, (action) => {
    const title = action.title()
    const about = `${title} ${GROUPS[action.group]()}`
    const found = fit(query, title) ?? aside(fit(query, about)) ?? known(query, `${about} ${action.words?.() ?? ''}`)
    return found && recent.includes(action.id) ? { ...found, score: found.score + LATELY } : found
  })
  const titled = ranked(conversations, (c) => fit(query, c.title || m.conversation_untitled())).slice(0, MOST_CONVERSATIONS)
  const groups = [
    { label: m.palette_actions(), rows: fitting.map(({ item, found }) => actionRow(item, found)), best: fitting[0] },
    { label: m.sidebar_label(), rows: titled.map(({ item, found }) => conversationRow(item, found)), best: titled[0] },
  ]
  return groups.sort((a, b) => (b.best?.found.score ?? 0) - (a.best?.found.score ?? 0))
}

/** Items that fit, the best first; those that fit alike stay in their order. */
function ranked<T>(items: readonly T[], fits: (item: T) => Fit | null): { item: T; found: Fit }[] {
  return items
    .flatMap((item) => {
      const found = fits(item)
      return found ? [{ item, found }] : []
    })
    .sort((a, b) => b.found.score - a.found.score)
}

/** Found by what it is about as well: it fits less, and nothing of its title is marked. */
function aside(found: Fit | null): Fit | null {
  return found && { score: found.score - 1, spans: [] }
}

/** Found by what people call it otherwise: each word as typed begins one of these. */
function known(query: string, words: string): Fit | null {
  const held = ` ${fold(words).text}`
  const asked = fold(query).text.split(' ').filter(Boolean)
  return asked.every((word) => held.includes(` ${word}`)) ? { score: -1, spans: [] } : null
}

function actionRow(action: Action, { spans }: Pick<Fit, 'spans'> = { spans: [] }): Row {
  const title = action.title()
  return { id: action.id, title, pieces: piecesOf(title, spans), action }
}

function conversationRow(conversation: Conversation, { spans }: Pick<Fit, 'spans'> = { spans: [] }): Row {
  const title = conversation.title || m.conversation_untitled()
  return { id: conversation.id, title, pieces: piecesOf(title, spans), conversation }
}
