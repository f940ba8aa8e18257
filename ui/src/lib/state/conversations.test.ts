import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Backend, CommandError, type Conversation, PAGE, type Place, type View } from '../backend/backend'
import { ALL, byPlace, placeOf } from '../places'
import { Conversations } from './conversations.svelte'
import { conversation } from './samples'

const numbered = (count: number) =>
  Array.from({ length: count }, (_, i) => conversation(`c${String(i).padStart(5, '0')}`, { updated: 10_000 - i }))

describe('the list of conversations', () => {
  let kept: Conversation[]
  const read = vi.fn((_view: View, after: Place | null) => {
    const rest = kept.filter((c) => after === null || byPlace(placeOf(c), after) > 0)
    return Promise.resolve(rest.slice(0, PAGE))
  })
  let conversations: Conversations
  const ids = () => conversations.list.map(({ id }) => id)

  beforeEach(() => {
    kept = numbered(450)
    read.mockClear()
    conversations = new Conversations({ conversations: read } as unknown as Backend)
  })

  it('is read page by page, each after the last one that was read', async () => {
    await conversations.load()
    expect(conversations.list).toHaveLength(PAGE)
    expect(conversations.more).toBe(true)
    await conversations.extend()
    expect(read).toHaveBeenLastCalledWith(ALL, placeOf(kept[PAGE - 1] as Conversation))
    await conversations.extend()
    expect(ids()).toEqual(kept.map(({ id }) => id))
    expect(conversations.more).toBe(false)
    await conversations.extend()
    expect(read).toHaveBeenCalledTimes(3)
  })

  it('asks for one page at a time', async () => {
    await conversations.load()
    await Promise.all([conversations.extend(), conversations.extend()])
    expect(conversations.list).toHaveLength(2 * PAGE)
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('stands in order: pinned ones first, then the last changed ones, then those made last', async () => {
    kept = []
    await conversations.load()
    for (const [id, fields] of [
      ['a', { updated: 1 }],
      ['b', { updated: 5 }],
      ['c', { updated: 5 }],
      ['d', { updated: 0, pinned: true }],
    ] as const) conversations.put(conversation(id, fields))
    expect(ids()).toEqual(['d', 'c', 'b', 'a'])
    conversations.put(conversation('a', { updated: 9 }))
    expect(ids()).toEqual(['d', 'a', 'c', 'b'])
  })

  it('takes what stands beyond what is read only when that is read', async () => {
    await conversations.load()
    const old = conversation('old', { updated: 9_650 })
    conversations.put(old)
    expect(conversations.has('old')).toBe(false)
    kept = [...kept, old].sort((a, b) => byPlace(placeOf(a), placeOf(b)))
    await conversations.extend()
    expect(ids().filter((id) => id === 'old')).toHaveLength(1)
    expect(ids().indexOf('old')).toBe(kept.indexOf(old))
  })

  it('lets go of what moves beyond what is read', async () => {
    await conversations.load()
    const [first] = kept
    conversations.put({ ...(first as Conversation), updated: 1 })
    expect(conversations.list).toHaveLength(PAGE - 1)
    expect(conversations.has(first?.id ?? '')).toBe(false)
  })

  it('shows what has come or gone while a page was on its way, each once', async () => {
    await conversations.load()
    const reading = conversations.extend()
    const [gone, changed] = [kept[250], kept[260]] as [Conversation, Conversation]
    conversations.forget(gone.id)
    conversations.put({ ...changed, title: 'Newer', updated: 20_000 })
    await reading
    expect(ids()).not.toContain(gone.id)
    expect(conversations.list[0]).toMatchObject({ id: changed.id, title: 'Newer' })
    expect(new Set(ids()).size).toBe(2 * PAGE - 1)
  })

  it('shows only what belongs to it', async () => {
    kept = []
    await conversations.show({ type: 'folder', folder: 'f' })
    conversations.put(conversation('in', { folder: 'f' }))
    conversations.put(conversation('out'))
    expect(ids()).toEqual(['in'])
    conversations.put(conversation('in', { folder: 'g' }))
    expect(ids()).toEqual([])
    await conversations.show({ type: 'tag', tag: 't' })
    conversations.put(conversation('in', { tags: ['s', 't'] }))
    expect(ids()).toEqual(['in'])
    await conversations.show({ type: 'archived' })
    conversations.put(conversation('in', { archived: true }))
    conversations.put(conversation('out'))
    expect(ids()).toEqual(['in'])
    await conversations.show(ALL)
    conversations.put(conversation('in', { archived: true }))
    expect(ids()).toEqual([])
  })

  it('is never that of what was listed before', async () => {
    let late: (page: Conversation[]) => void = () => undefined
    read.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
    const before = conversations.load()
    await conversations.show({ type: 'archived' })
    const shown = ids()
    late([conversation('late')])
    await before
    expect(ids()).toEqual(shown)
    expect(conversations.view).toEqual({ type: 'archived' })
  })

  it('is read anew as far as it was read', async () => {
    await conversations.load()
    await conversations.extend()
    kept = kept.slice(1)
    await conversations.load()
    expect(ids()).toEqual(kept.slice(0, 2 * PAGE).map(({ id }) => id))
  })

  it('reads the trash again where something has gone into it, and loses what was had back', async () => {
    kept = [conversation('a')]
    await conversations.show({ type: 'deleted' })
    kept = [conversation('b'), conversation('a')]
    conversations.forget('b')
    await vi.waitFor(() => expect(ids()).toEqual(['b', 'a']))
    conversations.put(conversation('a'))
    expect(ids()).toEqual(['b'])
  })

  it('says what failed, keeps what it has, and reads on after that', async () => {
    await conversations.load()
    read.mockRejectedValueOnce(new CommandError({ code: 'storage', message: '', retry_after: null }))
    await conversations.extend()
    expect(conversations.failure?.code).toBe('storage')
    expect(conversations.list).toHaveLength(PAGE)
    await conversations.extend()
    expect(conversations.failure).toBeNull()
    expect(conversations.list).toHaveLength(2 * PAGE)
  })
})
