import { expect, it } from 'vitest'
import { conversationMarkdown, markdownName } from './markdown-file'
import { conversation, view } from './state/samples'

it('names a file as every system allows', () => {
  expect(markdownName('Offers: 2024/25 <final>?')).toBe('Offers 2024 25 final.md')
  expect(markdownName('..')).toBe('Bureau.md')
  expect(markdownName('Why is the sky…')).toBe('Why is the sky.md')
  expect(markdownName('é'.repeat(200))).toBe(`${'é'.repeat(80)}.md`)
})

it('writes a conversation with its title, its speakers and its files', () => {
  const file = { id: 'f', name: 'plan.pdf', media_type: 'application/pdf', size: 1 }
  const messages = [
    view('q', null, { role: 'user', text: 'What is it?', attachments: [file] }),
    view('a', 'q', { text: 'A **plan**.\n', model: 'atlas' }),
  ]
  expect(conversationMarkdown({ conversation: conversation('c', { title: 'The plan' }), messages })).toBe(
    '# The plan\n\n## You\n\nWhat is it?\n\nAttached files\n\n- plan.pdf\n\n## atlas\n\nA **plan**.\n',
  )
})
