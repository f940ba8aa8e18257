import type { AnswerEvent, ThreadView } from '../src/lib/backend/backend'

type Listen = (message: { index: number; message: AnswerEvent | ThreadView }) => void

/** What the program sent to its window, as `tests/benches/speed/record.rs` wrote it down. */
export interface Recorded {
  /** To each command, as JSON. */
  answers: Record<string, string>
  /** The parts of the long conversation as JSON. */
  conversation: string[]
  /** The events of an answer as JSON, frame by frame; null where nothing is new. */
  events: (string | null)[]
  /** How long a frame of the display is, in milliseconds. */
  frame: number
}

/**
 * Stands in for Tauri. It runs in the page before the page's own scripts, and knows nothing of this module.
 * Messages are parsed when they are sent, as in the window.
 */
export function standIn({ answers, conversation, events, frame }: Recorded): void {
  const listeners = new Map<number, Listen>()
  let listener = 0
  let ended = () => {}

  async function answer(channel: number): Promise<void> {
    let index = 0
    for (const event of events) {
      await new Promise((resolve) => setTimeout(resolve, frame))
      if (event === null) continue
      listeners.get(channel)?.({ index, message: JSON.parse(event) })
      index += 1
    }
    ended()
  }

  async function tell(channel: number, parts: string[]): Promise<void> {
    for (const [index, part] of parts.entries()) {
      listeners.get(channel)?.({ index, message: JSON.parse(part) })
      // Each comes by itself.
      await new Promise((resolve) => setTimeout(resolve))
    }
  }

  Object.assign(window, {
    answered: new Promise<void>((resolve) => (ended = resolve)),
    __TAURI_INTERNALS__: {
      transformCallback(listen: Listen) {
        listener += 1
        listeners.set(listener, listen)
        return listener
      },
      async invoke(command: string, { events, parts, texts }: { events?: { id: number }; parts?: { id: number }; texts?: string[] } = {}) {
        if (command === 'send' && events) return answer(events.id)
        if (parts) return tell(parts.id, conversation)
        const told = JSON.parse(answers[command] ?? 'null')
        return texts?.map(() => told) ?? told
      },
    },
  })
}
