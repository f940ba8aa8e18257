// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import type { Failure, FailureCode, ModelInfo } from '../backend/backend'
import { appWith, mounted, textOf } from './mounted'
import Unsent from './Unsent.svelte'

const failure = (code: FailureCode): Failure => ({ code, message: 'no route to host', retry_after: null })
const builtIn: ModelInfo = { id: 'small', name: 'small', endpoint: null, built_in: true }

function shown(code: FailureCode, models: readonly ModelInfo[], live = true) {
  const app = appWith()
  app.models.list = models
  const onask = vi.fn<(model: string) => void>()
  return { onask, ...mounted(Unsent, { failure: failure(code), next: 'It waits.', live, onask }, app) }
}

it('says that nothing was sent, why, and what becomes of it', () => {
  const { find } = shown('unreachable', [])
  const text = textOf(find('unsent'))
  expect(text).toMatch(/^Not sent\. Nothing answers at the endpoint’s address.* It waits\. Details no route to host$/u)
  expect(find('failure')).toBeNull()
})

it('is read out as it happens, and not where it is kept', () => {
  expect(shown('unreachable', []).find('unsent')?.getAttribute('role')).toBe('alert')
  expect(shown('unreachable', [], false).find('unsent')?.getAttribute('role')).toBeNull()
})

it('offers the model on this machine where there is one and nobody was reached', () => {
  expect(shown('unreachable', []).find('ask-built-in')).toBeNull()
  expect(shown('wrong_key', [builtIn]).find('ask-built-in')).toBeNull()
  const { press, onask } = shown('unknown_host', [{ ...builtIn, id: 'far', endpoint: 'work', built_in: false }, builtIn])
  press('ask-built-in')
  expect(onask.mock.calls).toEqual([['small']])
})
