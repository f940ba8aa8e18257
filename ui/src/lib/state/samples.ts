import type { Conversation, MessageView } from '../backend/backend'

/** A conversation and a message to test with. */
export const conversation = (id: string, fields: Partial<Conversation> = {}): Conversation => ({
  id,
  title: id,
  leaf: null,
  model: null,
  pinned: false,
  instructions: '',
  temporary: false,
  folder: null,
  tags: [],
  archived: false,
  held: false,
  created: 1,
  updated: 1,
  ...fields,
})

export const view = (id: string, parent: string | null, fields: Partial<MessageView> = {}): MessageView => ({
  id,
  parent,
  role: 'assistant',
  text: '',
  blocks: [],
  reasoning: '',
  state: 'streaming',
  failure: null,
  finish: null,
  model: null,
  built_in: false,
  usage: null,
  attachments: [],
  siblings: [id],
  created: 1,
  milliseconds: null,
  replaced: 0,
  resumes: false,
  ...fields,
})
