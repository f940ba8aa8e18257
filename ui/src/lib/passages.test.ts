import { expect, it } from 'vitest'
import { withLabels, withLabelsInHtml } from './passages'

it('leaves the labels of passages in Markdown, and other links whole', () => {
  const text = 'It ends. [p. 2](passage:1-20/Bail%20a.pdf) [unverified](passage:not-found) [site](https://a.example)'
  expect(withLabels(text)).toBe('It ends. (p. 2) (unverified) [site](https://a.example)')
})

it('takes a label with escaped brackets whole', () => {
  expect(withLabels(String.raw`[a\[1\].xlsx, Total](passage:1-2/a%5B1%5D.xlsx)`)).toBe(String.raw`(a\[1\].xlsx, Total)`)
})

it('leaves the labels of passages in HTML, and other links whole', () => {
  const html = '<p><a href="https://a.example">a</a> b <a href="passage:1-2/a" rel="noopener">p. <em>2</em></a></p>'
  expect(withLabelsInHtml(html)).toBe('<p><a href="https://a.example">a</a> b (p. <em>2</em>)</p>')
})
