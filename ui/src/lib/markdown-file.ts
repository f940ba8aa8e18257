import type { Backend, Conversation, MessageView, TextFile } from './backend/backend'
import { m } from './paraglide/messages'
import { withLabels } from './passages'

const LONGEST = 80
/** What some system does not allow in a file's name. */
// eslint-disable-next-line no-control-regex -- control characters are among them
const FORBIDDEN = /[\u0000-\u001f\u007f<>:"/\\|?*]+/gu

/** What a Markdown file of this title is called. */
export function markdownName(title: string): string {
  const plain = title.replace(FORBIDDEN, ' ').replace(/\s+/gu, ' ')
  // No system likes a name that begins or ends with a dot.
  return `${[...plain].slice(0, LONGEST).join('').replace(/^[ .…]+|[ .…]+$/gu, '') || 'Bureau'}.md`
}

/** A message as a Markdown file, called after its conversation. */
export function messageFile(conversation: Conversation | null, { text }: MessageView): TextFile {
  return { name: markdownName(conversation?.title || m.conversation_untitled()), text: withLabels(text) }
}

/** The shown branch of a conversation as a Markdown file. */
export async function conversationFile(backend: Backend, id: string): Promise<TextFile> {
  const view = await backend.openConversation(id)
  return { name: markdownName(view.conversation.title || m.conversation_untitled()), text: conversationMarkdown(view) }
}

/** The shown branch of a conversation as one Markdown document: its title, then who says what. */
export function conversationMarkdown(view: { conversation: Conversation; messages: readonly MessageView[] }): string {
  const title = view.conversation.title || m.conversation_untitled()
  const parts = view.messages.map((message) => `## ${speaker(message)}\n\n${body(message)}`)
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`
}

/** Who speaks, as it is shown above a message; `called` tells what people call a model. */
export function speaker({ role, model, built_in }: Pick<MessageView, 'role' | 'model' | 'built_in'>, called = (id: string) => id): string {
  if (role === 'user') return m.role_user()
  if (role === 'system') return m.role_system()
  return built_in ? m.model_built_in() : model === null ? m.role_assistant() : called(model)
}

function body({ text, attachments }: MessageView): string {
  const files = attachments.map(({ name }) => `- ${name}`).join('\n')
  return [withLabels(text.trim()), files && `${m.message_attachments()}\n\n${files}`].filter(Boolean).join('\n\n')
}
