import { expect, it } from 'vitest'
import { addressParts } from './address'

it('finds the true host behind a user name and before a path', () => {
  expect(addressParts('https://bank.example@evil.example/bank.example?x', 'evil.example')).toEqual({
    before: 'https://bank.example@',
    host: 'evil.example',
    after: '/bank.example?x',
  })
  expect(addressParts('http://a.example:8080', 'a.example')).toEqual({ before: 'http://', host: 'a.example', after: ':8080' })
})

it('takes the last one where the user name repeats the host', () => {
  expect(addressParts('https://a.example@a.example/', 'a.example').before).toBe('https://a.example@')
})

it('emphasises nothing where no host stands after the scheme', () => {
  expect(addressParts('mailto:a@b.example', 'b.example')).toEqual({ before: 'mailto:a@b.example', host: '', after: '' })
  expect(addressParts('https://a.example/b.example', 'b.example').host).toBe('')
})
