import type { Attachment } from 'svelte/attachments'

/** Makes a textarea as high as its text, within what its style allows. */
export function grow(text: () => string): Attachment<HTMLTextAreaElement> {
  return (textarea) => {
    text()
    textarea.style.blockSize = 'auto'
    const borders = textarea.offsetHeight - textarea.clientHeight
    textarea.style.blockSize = `${textarea.scrollHeight + borders}px`
  }
}
