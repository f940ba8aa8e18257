import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Backend, CommandError, type StagedFile } from '../backend/backend'
import { Composer } from './composer.svelte'
import { Drafts } from './drafts'
import { Notices } from './notices.svelte'

const staged = (name: string): StagedFile => ({ id: name, name, media_type: 'text/plain', size: 1, document: null, locked: false, files: null, tokens: null, translatable: false })

describe('a composer', () => {
  let backend: Record<'setDraft' | 'stageFile' | 'chooseFiles' | 'unstage', ReturnType<typeof vi.fn>>
  let drafts: Drafts
  let place: string | null
  let usuallyTemporary: boolean
  let composer: Composer

  beforeEach(() => {
    backend = {
      setDraft: vi.fn(async () => undefined),
      stageFile: vi.fn(async (name: string) => staged(name)),
      chooseFiles: vi.fn(async () => [staged('a.txt')]),
      unstage: vi.fn(async () => undefined),
    }
    place = null
    usuallyTemporary = false
    drafts = new Drafts(backend as unknown as Backend, new Notices())
    composer = new Composer(
      backend as unknown as Backend,
      drafts,
      () => place,
      () => ({ settled: null, usual: usuallyTemporary }),
    )
  })

  it('quotes each line, after what is written already', () => {
    composer.text = 'About this:\n'
    composer.quote(' one\n\ntwo ')
    expect(composer.text).toBe('About this:\n\n> one\n>\n> two\n\n')
  })

  it('takes files one by one, and says which was refused', async () => {
    const refusal = new CommandError({ code: 'invalid', message: 'b.exe is no document', retry_after: null })
    backend.stageFile.mockResolvedValueOnce(staged('a')).mockRejectedValueOnce(refusal).mockResolvedValueOnce(staged('c'))
    await composer.stage(['a', 'b.exe', 'c'].map((name) => new File(['x'], name)))
    expect(composer.files.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(composer.failures.map(({ message }) => message)).toEqual(['b.exe is no document'])
    expect(composer.reading).toEqual([])
  })

  it('shows what was dropped until it is read', () => {
    composer.expect(['a.pdf', 'b.pdf', 'a.pdf'])
    expect(composer.reading).toEqual(['a.pdf', 'b.pdf', 'a.pdf'])
    composer.arrived('a.pdf', staged('a.pdf'), null)
    composer.arrived('b.pdf', null, { code: 'damaged_file', message: 'b.pdf', retry_after: null })
    expect(composer.reading).toEqual(['a.pdf'])
    expect(composer.files.map(({ name }) => name)).toEqual(['a.pdf'])
    expect(composer.failures).toHaveLength(1)
  })

  it('lets go of what was sent, and keeps what came since', async () => {
    await composer.choose()
    composer.text = 'first'
    const { files } = composer
    composer.add([staged('later')])
    place = 'c'
    composer.sent('first', files, null)
    expect(composer.text).toBe('')
    expect(composer.files.map(({ name }) => name)).toEqual(['later'])
    expect(backend.setDraft.mock.calls).toEqual([[null, ''], ['c', '']])
    composer.text = 'typed while it was sent'
    composer.sent('first', [], 'c')
    expect(composer.text).toBe('typed while it was sent')
  })

  it('writes nothing of a temporary conversation', () => {
    composer.text = 'so far'
    composer.temporary = true
    composer.text = 'secret'
    drafts.flush()
    expect(backend.setDraft.mock.calls).toEqual([[null, '']])
  })

  it('takes no draft of another window away, but that of a question which has become temporary', () => {
    drafts.adopt({ conversation: null, text: 'of another window' })
    usuallyTemporary = true
    composer.text = 'secret'
    place = 'c'
    composer.sent('secret', [], null)
    expect(backend.setDraft).not.toHaveBeenCalled()
    drafts.adopt({ conversation: null, text: 'secret' })
    composer.sent('secret', [], null)
    expect(backend.setDraft.mock.calls).toEqual([[null, '']])
  })

  it('keeps no draft where conversations are usually temporary, unless the person says otherwise', () => {
    usuallyTemporary = true
    composer.text = 'secret'
    drafts.flush()
    expect(backend.setDraft).not.toHaveBeenCalled()
    composer.temporary = false
    drafts.flush()
    expect(backend.setDraft.mock.calls).toEqual([[null, 'secret']])
  })
})
