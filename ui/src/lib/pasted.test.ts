import { expect, it } from 'vitest'
import { pasted } from './pasted'

const paste = (text: string, ...files: File[]) =>
  ({ clipboardData: { files, getData: () => text } }) as unknown as ClipboardEvent

it('is files or text, as it comes', () => {
  const file = new File(['x'], 'x.txt')
  expect(pasted(paste('x', file), 'image.png')).toEqual({ files: [file], text: 'x' })
  expect(pasted(paste('a word'), 'image.png')).toEqual({ files: [], text: 'a word' })
  expect(pasted(paste(''), 'image.png')).toEqual({ files: [], text: '' })
})

it('is an image where that came as its address', async () => {
  const { files, text } = pasted(paste('data:image/png;base64,AAEC\n'), 'image.png')
  expect(text).toBe('')
  expect(files.map(({ name, type }) => [name, type])).toEqual([['image.png', 'image/png']])
  expect([...new Uint8Array((await files[0]?.arrayBuffer()) ?? [])]).toEqual([0, 1, 2])
  expect(pasted(paste('data:text/html;base64,AAEC'), 'x').files).toEqual([])
})
