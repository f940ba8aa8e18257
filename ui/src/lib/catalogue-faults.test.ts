import { describe, expect, it } from 'vitest'
import { faults, repeated } from '../../catalogue-faults.js'

const BASE = { greet: 'Hello {name}', pages: { one: '{count} page', other: '{count} pages' } }
const FRENCH = { greet: 'Bonjour {name}', pages: { one: '{count} page', many: '{count} pages', other: '{count} pages' } }

describe('a catalogue that ends the build', () => {
  it('is none where every text is there', () => {
    expect(faults('en', BASE, BASE)).toEqual([])
    expect(faults('fr', BASE, FRENCH)).toEqual([])
  })

  it('lacks a text, has one of its own, or an empty one', () => {
    expect(faults('fr', BASE, { pages: FRENCH.pages })).toEqual(['greet is missing'])
    expect(faults('fr', BASE, { ...FRENCH, bye: 'Au revoir' })).toEqual(['bye is in no other catalogue'])
    expect(faults('en', BASE, { ...BASE, greet: ' ' })).toContain('greet is empty')
  })

  it('may lack a text where the language need not be complete', () => {
    expect(faults('nl', BASE, { pages: BASE.pages })).toEqual([])
  })

  it('fills other places', () => {
    expect(faults('fr', BASE, { ...FRENCH, greet: 'Bonjour {nom}' })).toEqual(['greet fills {nom}, English {name}'])
    expect(faults('fr', BASE, { ...FRENCH, greet: 'Bonjour' })).toEqual(['greet fills {}, English {name}'])
  })

  it('has a text twice', () => {
    const text = JSON.stringify(FRENCH, null, 2)
    expect(repeated(text)).toEqual([])
    expect(repeated(text.replace('{', '{\n  "pages": "pages",'))).toEqual(['pages'])
  })

  it('lacks a form of its language, or has one that this does not know', () => {
    expect(faults('fr', BASE, { ...FRENCH, pages: { one: '{count} page', other: '{count} pages' } })).toEqual(['pages lacks the form of: many'])
    expect(faults('en', BASE, { ...BASE, pages: FRENCH.pages })).toEqual(['pages has a form that the language does not know: many'])
    expect(faults('en', BASE, { ...BASE, pages: '{count} pages' })).toEqual(['pages has forms in one language only'])
  })
})
