import { expect, test } from 'vitest'
import { promptKey } from './prompts'

test('a slash in a name makes no two prompts one', () => {
  expect(promptKey({ folder: 'a', name: 'b/c' })).not.toBe(promptKey({ folder: 'a/b', name: 'c' }))
})
