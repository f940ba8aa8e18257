import { expect, test } from 'vitest'
import { nextVariable, variables } from './variables'

test('variables are gone through in turn, and left', () => {
  const text = 'Dear {{name}}, on {{date}}.'
  expect(variables(text).map(({ start, end }) => text.slice(start, end))).toEqual(['{{name}}', '{{date}}'])
  expect(nextVariable(text, 0, false)?.start).toBe(5)
  expect(nextVariable(text, 13, false)?.start).toBe(18)
  expect(nextVariable(text, 26, false)).toBeNull()
  expect(nextVariable(text, 18, true)?.start).toBe(5)
  expect(nextVariable(text, 5, true)).toBeNull()
  expect(nextVariable('{{}} {x} {{a\nb}}', 0, false)).toBeNull()
})
