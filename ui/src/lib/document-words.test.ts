import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { DocumentInfo } from './backend/backend'
import { cautions, extentText, placeText } from './document-words'
import { speak } from './spoken.svelte'

const info = (fields: Partial<DocumentInfo> = {}): DocumentInfo => ({ kind: 'page', pages: 12, words: 1240, hidden: false, notes: [], ...fields })

beforeAll(() => void vi.stubGlobal('navigator', { languages: ['en-GB'] }))
afterAll(() => void vi.unstubAllGlobals())

it('counts a document in what its pages are', () => {
  expect(extentText(info())).toBe('12 pages')
  expect(extentText(info({ pages: 1 }))).toBe('1 page')
  expect(extentText(info({ kind: 'slide' }))).toBe('12 slides')
  expect(extentText(info({ kind: 'mail', pages: 2 }))).toBe('2 parts')
  expect(extentText(info({ kind: 'text', pages: 1 }))).toBe('1,240 words')
})

it('tells where a page stands, and what it is called', () => {
  expect(placeText({ info: info(), page: 0, name: null })).toBe('Page 1 of 12')
  expect(placeText({ info: info({ kind: 'sheet', pages: 3 }), page: 2, name: 'Budget' })).toBe('Sheet 3 of 3 · Budget')
  expect(placeText({ info: info({ kind: 'text', pages: 1 }), page: 0, name: null })).toBe('Whole text')
})

it('warns of what is hidden and of how it was read, pages in a row as one', () => {
  expect(cautions(info())).toEqual([])
  const notes: DocumentInfo['notes'] = [
    { note: 'not_recognised', pages: [7, 1, 3, 2] },
    { note: 'recognised', pages: [9] },
    { note: 'cut_short', read: 200 },
    { note: 'left_out', what: 'logo.emf' },
  ]
  const [hidden, pictures, recognised, short, left] = cautions(info({ hidden: true, notes }))
  expect(hidden).toMatch(/readers do not see.*not sent to the model/u)
  expect(pictures).toContain('pages 1–3, 7.')
  expect(recognised).toContain('page 9.')
  expect(short).toContain('200 pages')
  expect(left).toContain('logo.emf')
})

it('counts in the form that the language has for the number', async () => {
  await speak('ar')
  const texts = [1, 2, 3, 11, 100].map((pages) => extentText(info({ pages })).replace(/[\d٠-٩]+ /u, ''))
  expect(texts).toEqual(['صفحة واحدة', 'صفحتان', 'صفحات', 'صفحة', 'صفحة'])
  await speak('en')
  expect([0, 1, 2].map((pages) => extentText(info({ pages })))).toEqual(['0 pages', '1 page', '2 pages'])
})
