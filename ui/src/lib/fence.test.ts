import { expect, test } from 'vitest'
import { isSpecial, lineCount } from './fence'
import { codeOfBlocks, specialOf } from './special'

const part = (code: string) => ({ html: `<pre class="code" data-part="only"><code>${code}</code></pre>` })

test('lines are counted over the parts of a fence', () => {
  expect(lineCount([part('a\nb\n'), part('c\n')])).toBe(3)
  expect(lineCount([part('a\nb\n'), part('c')])).toBe(3)
  expect(lineCount([part('')])).toBe(1)
})

test('a fence is a diagram, a table, or code alone', () => {
  expect(codeOfBlocks([part('a &lt;'), part('<span class="hl-string">b</span>')])).toBe('a <b')
  expect(specialOf('Mermaid', [part('graph TD')])).toEqual({ kind: 'diagram', source: 'graph TD' })
  expect(specialOf('csv', [part('a,b\n1,2')])).toMatchObject({ kind: 'table', code: false })
  expect(specialOf('json', [part('[{"a":1}]')])).toMatchObject({ kind: 'table', code: true })
  expect(specialOf('json', [part('{"a":1}')])).toBeNull()
  expect(specialOf('rust', [part('x')])).toBeNull()
  expect(['Mermaid', 'tsv', 'rust'].map(isSpecial)).toEqual([true, true, false])
})
