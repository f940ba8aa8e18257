import { expect, it } from 'vitest'
import { fileName } from './code'

it.each([
  ['python', 'code.py'],
  ['Rust', 'code.rs'],
  ['json', 'code.json'],
  ['', 'code.txt'],
  ['../../etc', 'code.txt'],
  ['Makefile', 'Makefile'],
])('code in %j is saved as %s', (language, name) => {
  expect(fileName(language)).toBe(name)
})
