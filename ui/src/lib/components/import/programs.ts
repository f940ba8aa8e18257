import type { ImportFormat } from '../../backend/backend'
import { m } from '../../paraglide/messages'

/** The programs whose exports can be brought in, as they are called. */
export const PROGRAMS: Record<ImportFormat, () => string> = {
  chat_gpt: () => 'ChatGPT',
  claude: () => 'Claude',
  open_web_ui: () => 'Open WebUI',
  libre_chat: () => 'LibreChat',
  markdown: m.format_markdown,
  bureau: () => 'Bureau',
}
