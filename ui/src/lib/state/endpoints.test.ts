import { describe, expect, it, vi } from 'vitest'
import { type Backend, CommandError, type EndpointView } from '../backend/backend'
import { EndpointEditor } from './endpoint-editor.svelte'
import { Endpoints } from './endpoints.svelte'

const kept: EndpointView = {
  draft: { name: 'Town', address: 'https://ai.town.example/v1', kind: 'open-ai-responses', api_version: null, allow_http: false },
  has_key: true,
  fixed: false,
  sign_in: null,
  certificate: null,
  provided: false,
}
const refused = new CommandError({ code: 'wrong_key', message: 'HTTP 401', retry_after: null })

describe('an endpoint that is filled in', () => {
  const editor = (view: EndpointView | null) => new EndpointEditor({} as Backend, view)

  it('is called after its host where it has no name', () => {
    const fresh = editor(null)
    fresh.address = ' https://ai.town.example:8443/v1 '
    expect(fresh.draft).toMatchObject({ name: 'ai.town.example:8443', address: 'https://ai.town.example:8443/v1' })
  })

  it('keeps the name that a person gave it, and no name of an address that it had', () => {
    const named = editor(kept)
    named.address = 'https://ai.town.example:8443/v1'
    expect(named.draft.name).toBe('Town')
    const made = editor({ ...kept, draft: { ...kept.draft, name: 'ai.town.example' } })
    expect(made.draft.name).toBe('ai.town.example')
    made.address = 'https://ai.town.example:8443/v1'
    expect(made.draft.name).toBe('ai.town.example:8443')
    expect(made.previous).toBe('ai.town.example')
  })

  it('is taken for Azure by its address, until a protocol is chosen', () => {
    const fresh = editor(null)
    fresh.address = 'https://town.openai.azure.com'
    fresh.apiVersion = '2024-10-21'
    expect(fresh.draft).toMatchObject({ kind: 'azure', api_version: '2024-10-21' })
    fresh.kind = 'open-ai-chat'
    expect(fresh.draft).toMatchObject({ kind: 'open-ai-chat', api_version: null })
  })

  it('allows no encryption only to an address without it', () => {
    const fresh = editor(null)
    fresh.allowHttp = true
    fresh.address = 'https://ai.town.example'
    expect(fresh.draft.allow_http).toBe(false)
    fresh.address = 'http://ai.town.example:8080'
    expect(fresh.draft.allow_http).toBe(true)
    // What stays on this machine needs none, and nobody is asked.
    for (const address of ['http://localhost:8080', 'http://127.0.0.1/v1', 'http://[::1]:8080']) {
      fresh.address = address
      expect(fresh.unencrypted).toBe(false)
    }
  })

  it('knows whether anything in it would be lost', () => {
    const edited = editor(kept)
    expect(edited.changed).toBe(false)
    edited.keyChange = 'forget'
    expect(edited.changed).toBe(true)
    const fresh = editor(null)
    expect(fresh.changed).toBe(false)
    fresh.key = 'sk'
    expect(fresh.changed).toBe(true)
  })

  it('keeps, replaces or forgets a key without ever holding the kept one', () => {
    const edited = editor(kept)
    expect(edited.key).toBe('')
    expect(edited.change).toEqual({ type: 'keep' })
    edited.keyChange = 'set'
    edited.key = ' sk-new '
    expect(edited.change).toEqual({ type: 'set', key: 'sk-new' })
    edited.key = ''
    expect(edited.change).toEqual({ type: 'forget' })
    expect(editor(null).change).toEqual({ type: 'keep' })
  })
})

describe('the endpoints', () => {
  it('keep the editor open with the failure where one is refused', async () => {
    const backend = { saveEndpoint: vi.fn().mockRejectedValueOnce(refused).mockResolvedValueOnce([kept]) }
    const changed = vi.fn()
    const endpoints = new Endpoints(backend as unknown as Backend, changed)
    endpoints.edit(null)
    expect(await endpoints.save()).toBe(false)
    expect(endpoints.editor?.failure?.code).toBe('wrong_key')
    expect(changed).not.toHaveBeenCalled()
    expect(await endpoints.save()).toBe(true)
    expect(endpoints.editor).toBeNull()
    expect(endpoints.list).toEqual([kept])
    expect(changed).toHaveBeenCalledOnce()
  })

  it('say what a test found, and forget it at the next', async () => {
    const report = { models: [], milliseconds: 5 }
    const backend = { testEndpoint: vi.fn().mockResolvedValueOnce(report).mockRejectedValueOnce(refused) }
    const editor = new EndpointEditor(backend as unknown as Backend, kept)
    await editor.test()
    expect(editor.report).toEqual(report)
    await editor.test()
    expect(editor.report).toBeNull()
    expect(editor.failure?.code).toBe('wrong_key')
    expect(backend.testEndpoint).toHaveBeenLastCalledWith('Town', kept.draft, { type: 'keep' })
  })
})
