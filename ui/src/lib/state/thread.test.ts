import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type AnswerEvent, type Backend, CommandError, type Listener } from '../backend/backend'
import { App } from './app.svelte'
import { conversation, view } from './samples'

const question = view('q', null, { role: 'user', state: 'complete', text: 'Hi' })
const started: AnswerEvent = { type: 'started', conversation: conversation('c'), question, answer: view('a', 'q') }
const ended: AnswerEvent = {
  type: 'ended',
  message: view('a', 'q', { state: 'complete', text: 'Hello', blocks: [], reasoning: 'hm' }),
  conversation: conversation('c', { updated: 2 }),
}

describe('a thread', () => {
  let emit: Listener
  let resolve: () => void
  let backend: Record<'send' | 'stop' | 'openConversation' | 'deleteConversations' | 'restoreConversations' | 'conversations' | 'setDraft', ReturnType<typeof vi.fn>>
  let app: App

  beforeEach(() => {
    backend = {
      send: vi.fn((_question, on: Listener) => {
        emit = on
        return new Promise<void>((done) => (resolve = done))
      }),
      stop: vi.fn(() => Promise.resolve()),
      openConversation: vi.fn(() => Promise.resolve({ conversation: conversation('c'), messages: [view('a', null)] })),
      deleteConversations: vi.fn(() => Promise.resolve()),
      conversations: vi.fn(() => Promise.resolve([])),
      restoreConversations: vi.fn(() => Promise.resolve([conversation('c')])),
      setDraft: vi.fn(() => Promise.resolve()),
    }
    app = new App(backend as unknown as Backend)
    app.chat.thread.composer.text = 'Hi'
  })

  it('shows an answer as it arrives, and keeps its blocks at its end', async () => {
    const { thread } = app.chat
    const sent = thread.send()
    expect(thread.answering).toBe(true)
    emit(started)
    expect(thread.composer.text).toBe('')
    emit({ type: 'patch', message: 'a', first_block: 0, blocks: [{ html: 'He' }] })
    emit({ type: 'patch', message: 'a', first_block: 0, blocks: [{ html: 'Hello' }] })
    emit({ type: 'reasoning', message: 'a', text: 'h' })
    emit({ type: 'dropped', message: 'a', count: 3 })
    const answer = thread.messages[1]
    expect(answer).toMatchObject({ blocks: [{ html: 'Hello' }], reasoning: 'h', dropped: 3 })
    emit(ended)
    resolve()
    await sent
    expect(answer).toMatchObject({ blocks: [{ html: 'Hello' }], reasoning: 'hm', view: { text: 'Hello', state: 'complete' } })
    expect(thread.answering).toBe(false)
    expect(app.conversations.list).toEqual([conversation('c', { updated: 2 })])
  })

  it('asks for a summary of some files, and keeps what else is written and attached', async () => {
    const { thread } = app.chat
    const file = (id: string) => ({ id, name: id, media_type: 'text/plain', size: 1, document: null, locked: false, files: null, tokens: null, translatable: false })
    const [lease, image] = [file('lease'), file('image')]
    thread.composer.add([lease, image])
    thread.composer.focus = 'dates'
    const choices = { length: 'short', form: 'bullets', language: null, focus: 'dates' } as const
    const sent = thread.summarise('Summarise', [lease], choices)
    expect(backend.send.mock.lastCall?.[0]).toMatchObject({ text: 'Summarise', files: ['lease'], summary: choices })
    emit(started)
    expect(thread.composer.text).toBe('Hi')
    expect(thread.composer.files).toEqual([image])
    expect(thread.composer.focus).toBe('')
    // The draft has gone on with the conversation.
    app.drafts.flush()
    expect(backend.setDraft.mock.calls.findLast(([place]) => place === null)).toEqual([null, ''])
    expect(backend.setDraft.mock.calls.findLast(([place]) => place === 'c')).toEqual(['c', 'Hi'])
    emit(ended)
    resolve()
    await sent
  })

  it('keeps what a summary is about where it was not sent', async () => {
    backend.send.mockRejectedValueOnce(new CommandError({ code: 'password_needed', message: 'x', retry_after: null }))
    app.chat.thread.composer.focus = 'dates'
    await app.chat.thread.summarise('Summarise', [], { length: 'short', form: 'bullets', language: null, focus: 'dates' })
    expect(app.chat.thread.composer.focus).toBe('dates')
    expect(app.chat.thread.composer.unsent?.code).toBe('password_needed')
  })

  it('waits for events that lag behind their command', async () => {
    const sent = app.chat.thread.send()
    emit(started)
    resolve()
    await Promise.resolve()
    expect(app.chat.thread.answering).toBe(true)
    emit(ended)
    await sent
    expect(backend.openConversation).not.toHaveBeenCalled()
  })

  it('takes from the history what the events did not bring', async () => {
    vi.useFakeTimers()
    const sent = app.chat.thread.send()
    emit(started)
    resolve()
    await vi.advanceTimersByTimeAsync(2000)
    await sent
    vi.useRealTimers()
    expect(backend.openConversation).toHaveBeenCalledWith('c', undefined)
  })

  it('keeps the draft and tells the failure where nothing was sent', async () => {
    backend.send.mockRejectedValueOnce(new CommandError({ code: 'unknown_model', message: 'x', retry_after: null }))
    await app.chat.thread.send()
    expect(app.chat.thread.composer.text).toBe('Hi')
    expect(app.chat.thread.composer.unsent?.code).toBe('unknown_model')
    expect(app.chat.thread.answering).toBe(false)
    backend.send.mockRejectedValueOnce(new CommandError({ code: 'unreachable', message: 'x', retry_after: null }))
    await app.chat.thread.send()
    expect(app.chat.thread.composer.unsent?.code).toBe('unreachable')
  })

  it('stops as soon as there is something to stop', async () => {
    void app.chat.thread.send()
    await app.chat.thread.stop()
    expect(backend.stop).not.toHaveBeenCalled()
    emit(started)
    expect(backend.stop).toHaveBeenCalledWith('c')
  })

  it('stops as soon as there is something to stop in a conversation that is there already, too', async () => {
    const { thread } = app.chat
    const first = thread.send()
    emit(started)
    emit(ended)
    resolve()
    await first
    thread.composer.text = 'More'
    void thread.send()
    await thread.stop()
    expect(thread.stopping).toBe(true)
    expect(backend.stop).not.toHaveBeenCalled()
    emit({ ...started, question: view('q2', 'a', { role: 'user', state: 'complete' }), answer: view('a2', 'q2') })
    expect(backend.stop).toHaveBeenCalledWith('c')
  })

  it('goes on unseen while another is shown, and keeps each draft', () => {
    const { thread } = app.chat
    void thread.send()
    emit(started)
    thread.composer.text = 'next'
    app.chat.startNew()
    app.chat.thread.composer.text = 'other'
    emit({ type: 'patch', message: 'a', first_block: 0, blocks: [{ html: 'x' }] })
    void app.chat.open('c')
    expect(app.chat.thread).toBe(thread)
    expect(thread.composer.text).toBe('next')
    expect(thread.messages[1]?.blocks).toEqual([{ html: 'x' }])
    app.chat.startNew()
    expect(app.chat.thread.composer.text).toBe('other')
  })

  it('does not come back to the list when it was deleted meanwhile', async () => {
    void app.chat.thread.send()
    emit(started)
    await app.chat.delete([conversation('c')])
    emit(ended)
    expect(app.conversations.list).toEqual([])
  })

  it('is brought back with its draft where its deletion is undone', async () => {
    void app.chat.thread.send()
    emit(started)
    emit(ended)
    resolve()
    app.chat.thread.composer.text = 'next'
    await app.chat.delete([conversation('c')])
    expect(app.chat.thread.id).toBeNull()
    await app.undo.take()
    expect(app.chat.thread.id).toBe('c')
    expect(app.chat.thread.composer.text).toBe('next')
    expect(app.conversations.has('c')).toBe(true)
  })

  it('shows what another window has changed, and nothing of what it removed', async () => {
    void app.chat.thread.send()
    emit(started)
    emit(ended)
    resolve()
    app.chat.received(conversation('c', { title: 'Renamed', leaf: 'z', updated: 3 }))
    expect(app.chat.thread.conversation?.title).toBe('Renamed')
    app.chat.drafted({ conversation: 'c', text: 'theirs' })
    app.chat.removed('c')
    expect(app.chat.thread.id).toBeNull()
    expect(app.conversations.list).toEqual([])
  })

  it('keeps a temporary conversation out of the list', () => {
    app.chat.startNew(true)
    void app.chat.thread.send()
    emit({ ...started, conversation: conversation('c', { temporary: true }) })
    expect(app.conversations.list).toEqual([])
    expect(app.chat.temporary.map(({ id }) => id)).toEqual(['c'])
    expect(backend.send.mock.calls[0]?.[0]).toMatchObject({ temporary: true })
  })
})
