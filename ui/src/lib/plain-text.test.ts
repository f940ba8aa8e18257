import { expect, it } from 'vitest'
import { plainText, richText, textOf } from './plain-text'

const blocks = (...html: string[]) => html.map((text) => ({ html: text }))

it('reads the text of HTML as a page does', () => {
  expect(textOf('<p>a &lt;b&gt; &amp;amp; &#39;c&#x27; <em>d</em></p>')).toBe("a <b> &amp; 'c' d")
  expect(textOf('<p>&unknown; &#99999999;</p>')).toBe('&unknown; &#99999999;')
})

it('puts the parts of a fence together', () => {
  const parts = blocks(
    '<pre class="code" data-part="first" data-language="js"><code>a\n</code></pre>',
    '<pre class="code" data-part="middle" data-language="js"><code>  b\n</code></pre>',
    '<pre class="code" data-part="last" data-language="js"><code>c\n</code></pre>',
    '<pre class="code" data-part="only"><code>d\n</code></pre>',
  )
  expect(richText(parts).match(/<pre/gu)).toHaveLength(2)
  expect(plainText(parts)).toBe('a\n  b\nc\n\nd')
})

it('keeps lines, bullets and cells without their marks', () => {
  const html = blocks(
    '<h2>Title</h2>',
    '<p>One <strong>bold</strong><br>two</p>',
    '<ul><li>first</li><li>second</li></ul>',
    '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
  )
  expect(plainText(html)).toBe('Title\n\nOne bold\ntwo\n\n- first\n- second\n\nA\tB\n1\t2')
})
