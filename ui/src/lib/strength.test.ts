import { expect, it } from 'vitest'
import { strengthOf } from './strength'

it.each([
  ['', 'weak'],
  ['password', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['blue whale desk', 'fair'],
  ['correct horse battery staple', 'strong'],
] as const)('%j is %s', (passphrase, strength) => {
  expect(strengthOf(passphrase)).toBe(strength)
})
