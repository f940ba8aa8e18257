import { expect, it } from 'vitest'
import { aboutCode, CODE_TASKS, isCode } from './code-tasks'
import { variables } from './variables'

it('puts code in a fence that it cannot close, and the question below', () => {
  expect(aboutCode('a = 1\n', 'python', 'Why?')).toBe('```python\na = 1\n```\n\nWhy?')
  expect(aboutCode('```\nx\n```', 'markdown', 'Why?')).toBe('````markdown\n```\nx\n```\n````\n\nWhy?')
})

it('leaves a place for what only the person knows', () => {
  const open = CODE_TASKS.filter(({ ask }) => variables(ask()).length === 1).map(({ id }) => id)
  expect(open).toEqual(['extend', 'convert'])
})

it('tells code from prose by its name', () => {
  expect(['a.rs', 'Makefile', 'b.sql'].every(isCode)).toBe(true)
  expect(['a.txt', 'README.MD', 'b.htm', 'c.csv'].some(isCode)).toBe(false)
})
