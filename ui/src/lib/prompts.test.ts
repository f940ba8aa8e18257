import { expect, test } from 'vitest'
import { promptKey, shownPrompts } from './prompts'

test('a slash in a name makes no two prompts one', () => {
  expect(promptKey({ folder: 'a', name: 'b/c' })).not.toBe(promptKey({ folder: 'a/b', name: 'c' }))
})

test("the organisation's prompts stand first, and one of the same name stays beside them", () => {
  const prompt = { folder: 'a', name: 'b', text: 'of the organisation' }
  const shown = shownPrompts({ organisation: [prompt], own: [{ ...prompt, text: 'mine' }] })
  expect(shown.map(({ text, provided }) => [text, provided])).toEqual([
    ['of the organisation', true],
    ['mine', false],
  ])
  expect(new Set(shown.map(promptKey)).size).toBe(2)
})
