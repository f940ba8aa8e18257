import { expect, it } from 'vitest'
import { prose, sample } from './prose'

const block = (html: string) => ({ html })

it('is what is said, without code and formulas', () => {
  const fence = block('<pre class="code" data-part="only"><code>let <b>x</b> = 1;\n</code></pre>')
  expect(prose([fence], true)).toBe('')
  const sum = block('<p>The sum <math><mi>C</mi></math> &amp; <code>rate</code> of <em>all</em></p>')
  expect(prose([block('<h2>Costs</h2>'), fence, sum], true).split(/\s+/u)).toEqual(['Costs', 'The', 'sum', '&', 'of', 'all'])
})

it('is the beginning of what arrives, and of what is whole the end as well', () => {
  const blocks = ['first', 'middle', 'last'].map((word) => block(`<p>${`${word} `.repeat(400)}</p>`))
  const [arriving, whole] = [prose(blocks, false), prose(blocks, true)]
  expect(arriving).toMatch(/^first (?:first )+fir/u)
  expect(prose(blocks.slice(0, 1), false)).toBe(arriving)
  expect(whole).toContain('first')
  expect(whole).not.toContain('middle')
  expect(whole).toMatch(/last$/u)
})

it('cuts no character in two', () => {
  const text = sample(`a${'🙂'.repeat(1000)}b`)
  expect(text).toMatch(/^a🙂+\n🙂+b$/u)
  expect(sample('short')).toBe('short')
})
