import { createElement, useState } from 'react'
import { createRoot } from 'react-dom/client'
import Markdown from 'react-markdown'
import rehypeHighlight from 'rehype-highlight'
import remarkGfm from 'remark-gfm'
import { Streamdown } from 'streamdown'

/** Each as its documentation says; the address chooses one. */
const RENDERED = {
  streamdown: (text) => createElement(Streamdown, null, text),
  react_markdown: (text) =>
    createElement(Markdown, { remarkPlugins: [remarkGfm], rehypePlugins: [rehypeHighlight] }, text),
}

function Answer({ rendered }) {
  const [text, setText] = useState('')
  window.show = setText
  return rendered(text)
}

const main = document.querySelector('main')
// As Bureau does, the page follows what arrives.
new ResizeObserver(() => (document.body.scrollTop = document.body.scrollHeight)).observe(main)
createRoot(main).render(createElement(Answer, { rendered: RENDERED[location.search.slice(1)] }))
