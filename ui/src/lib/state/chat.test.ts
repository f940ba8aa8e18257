import { beforeEach, expect, it, vi } from 'vitest'
import { type AnswerEvent, type Backend, CommandError, type Conversation, type Listener, type ThreadView } from '../backend/backend'
import { App } from './app.svelte'
import { conversation, view } from './samples'

const message = (id: string, parent: string | null) => view(id, parent, { state: 'complete' })
const thread = (id: string, ...messages: string[]): ThreadView => ({
  conversation: conversation(id),
  messages: messages.map((name, i) => message(name, messages[i - 1] ?? null)),
  from_start: true,
})
const refused = () => new CommandError({ code: 'storage', message: '', retry_after: null })

/** Calls that are answered when the test says so. */
function later<T>() {
  const calls: { args: unknown[]; resolve: (value: T) => void; reject: (error: unknown) => void }[] = []
  const call = (...args: unknown[]) =>
    new Promise<T>((resolve, reject) => calls.push({ args, resolve, reject }))
  return { calls, fn: vi.fn(call) }
}

let opening: ReturnType<typeof later<ThreadView>>
let finding: ReturnType<typeof later<Conversation>>
let branching: ReturnType<typeof later<ThreadView>>
let emit: Listener
let notify: ReturnType<typeof vi.fn>
let app: App
const shown = () => app.chat.thread.messages.map(({ id }) => id)
const settle = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  opening = later()
  finding = later()
  branching = later()
  notify = vi.fn(() => Promise.resolve())
  const ask = vi.fn((...args: unknown[]) => {
    emit = args.at(-1) as Listener
    return new Promise<void>(() => undefined)
  })
  const backend = {
    openConversation: opening.fn,
    conversation: finding.fn,
    selectBranch: branching.fn,
    send: ask,
    regenerate: ask,
    edit: ask,
    setDraft: vi.fn(() => Promise.resolve()),
    notify,
    conversations: vi.fn(() => Promise.reject(refused())),
  }
  app = new App(backend as unknown as Backend)
  for (const id of ['c', 'd']) app.conversations.put(conversation(id))
})

async function show(id: string, ...messages: string[]) {
  void app.chat.open(id)
  opening.calls.at(-1)?.resolve(thread(id, ...messages))
  await settle()
}

const started: AnswerEvent = { type: 'started', conversation: conversation('c'), question: null, answer: view('a2', 'q') }

it('does not put what was read late over an answer in flight', async () => {
  await show('c', 'q', 'a')
  void app.chat.thread.load()
  void app.chat.thread.regenerate('a')
  emit(started)
  opening.calls.at(-1)?.resolve(thread('c', 'q', 'a'))
  await settle()
  expect(shown()).toEqual(['q', 'a2'])
})

it('shows the branch that was asked for last, and asks nothing until it is there', async () => {
  await show('c', 'q', 'a')
  void app.chat.thread.selectBranch('b1')
  void app.chat.thread.selectBranch('b2')
  expect(app.chat.thread.busy).toBe(true)
  branching.calls[1]?.resolve(thread('c', 'q', 'b2'))
  await settle()
  branching.calls[0]?.resolve(thread('c', 'q', 'b1'))
  await settle()
  expect(shown()).toEqual(['q', 'b2'])
  expect(app.chat.thread.busy).toBe(false)
})

it('is not busy for ever where a branch could not be read', async () => {
  await show('c', 'q', 'a')
  void app.chat.thread.selectBranch('b')
  branching.calls[0]?.reject(refused())
  await settle()
  expect(app.chat.thread.busy).toBe(false)
  expect(app.notices.list).toHaveLength(1)
  expect(shown()).toEqual(['q', 'a'])
})

it('says what failed where a conversation could not be read, and reads it again', async () => {
  void app.chat.open('c')
  opening.calls[0]?.reject(refused())
  await settle()
  expect(app.chat.thread.failure?.code).toBe('storage')
  void app.chat.thread.load()
  expect(app.chat.thread.failure).toBeNull()
  opening.calls[1]?.resolve(thread('c', 'q'))
  await settle()
  expect(shown()).toEqual(['q'])
})

it('says what failed where the conversations could not be listed', async () => {
  await app.conversations.load()
  expect(app.conversations.failure?.code).toBe('storage')
})

it('opens a conversation that is not listed yet at once', async () => {
  void app.chat.open('new', 'm')
  finding.calls[0]?.resolve(conversation('new'))
  await settle()
  expect(app.chat.thread.id).toBe('new')
  expect(app.chat.thread.target).toEqual({ message: 'm' })
  expect(app.conversations.has('new')).toBe(true)
})

it('does not come back to what was opened late', async () => {
  void app.chat.open('new')
  await show('d', 'q')
  finding.calls[0]?.resolve(conversation('new'))
  await settle()
  expect(app.chat.thread.id).toBe('d')
})

it('brings no message into view that the person has left, or gone on from', async () => {
  void app.chat.open('c', 'q')
  const left = app.chat.thread
  await show('d', 'q')
  branching.calls[0]?.resolve(thread('c', 'q', 'a'))
  await settle()
  expect(left.target).toBeNull()
  expect(left.messages).toEqual([])
  app.chat.thread.target = { message: 'q' }
  app.chat.thread.composer.text = 'Hi'
  void app.chat.thread.send()
  expect(app.chat.thread.target).toBeNull()
})

it('keeps an edited question while another conversation is shown, and until it has gone out', async () => {
  await show('c', 'q', 'a')
  const { thread: edited } = app.chat
  edited.editing = { message: 'q', text: 'half' }
  await show('d', 'q')
  await show('c', 'q', 'a')
  expect(app.chat.thread.editing).toEqual({ message: 'q', text: 'half' })
  void app.chat.thread.edit()
  expect(app.chat.thread.editing).not.toBeNull()
  emit({ ...started, question: message('q2', null) })
  expect(app.chat.thread.editing).toBeNull()
})

it('announces the answers of the conversation that is shown alone', async () => {
  await show('c', 'q', 'a')
  void app.chat.thread.regenerate('a')
  await show('d', 'q')
  emit(started)
  expect(app.chat.announcement).toBeNull()
})

it('tells an answer of another window from its own, which alone it can stop', async () => {
  await show('c', 'q')
  void app.chat.thread.load()
  opening.calls.at(-1)?.resolve({ conversation: conversation('c'), messages: [view('a', null)], from_start: true })
  await settle()
  expect(app.chat.thread.answeredElsewhere).toBe(true)
  await app.chat.thread.stop()
  expect(app.notices.list).toEqual([])
})

it('tells of a long answer, and only where the person looks elsewhere', async () => {
  await show('c', 'q', 'a')
  const end = (milliseconds: number, focused: boolean) => {
    vi.stubGlobal('document', { hasFocus: () => focused })
    void app.chat.thread.regenerate('a')
    emit(started)
    emit({ type: 'ended', message: view('a2', 'q', { state: 'complete', milliseconds }), conversation: conversation('c') })
    vi.unstubAllGlobals()
  }
  end(11_000, true)
  end(2_000, false)
  expect(notify).not.toHaveBeenCalled()
  end(11_000, false)
  expect(notify).toHaveBeenCalledOnce()
})

it('shows the end of a conversation before the rest is there, and puts the rest before whatever has come meanwhile', async () => {
  void app.chat.open('c')
  const on = opening.calls[0]?.args[1] as (part: ThreadView) => void
  const whole = thread('c', 'a', 'b', 'q')
  const part = (from: number, to: number) => on({ ...whole, messages: whole.messages.slice(from, to), from_start: from === 0 })
  part(2, 3)
  expect(shown()).toEqual(['q'])
  expect(app.chat.thread.busy).toBe(false)
  void app.chat.thread.regenerate('q')
  emit(started)
  part(1, 2)
  part(0, 1)
  opening.calls[0]?.resolve(whole)
  await settle()
  expect(app.chat.thread.prepending).toBe(false)
  expect(shown()).toEqual(['a', 'b', 'q', 'a2'])
})

it('does not put the rest of a conversation before another one', async () => {
  void app.chat.open('c')
  const on = opening.calls[0]?.args[1] as (part: ThreadView) => void
  on({ ...thread('c', 'q'), from_start: false })
  await show('d', 'r')
  opening.calls[0]?.resolve(thread('c', 'p', 'q'))
  await settle()
  expect(shown()).toEqual(['r'])
})

it('chooses the model of a conversation that comes back before all of it is read', async () => {
  void app.chat.comeBack('c', 'atlas-small')
  await settle()
  expect(app.chat.thread.id).toBe('c')
  expect(app.chat.thread.model).toBe('atlas-small')
  opening.calls.at(-1)?.resolve(thread('c', 'm'))
  await settle()
  expect(app.chat.thread.model).toBe('atlas-small')
  void app.chat.comeBack(null, 'atlas-large')
  expect([app.chat.thread.id, app.chat.thread.chosenModel]).toEqual([null, 'atlas-large'])
  void app.chat.comeBack(null, null)
  expect(app.chat.thread.chosenModel).toBe('atlas-large')
})
