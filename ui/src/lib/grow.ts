import type { Attachment } from 'svelte/attachments'

/** Makes a textarea as high as its text, within what its style allows. */
export function grow(text: () => string): Attachment<HTMLTextAreaElement> {
  return (textarea) => {
    text()
    const around = textarea.parentElement
    // While it is measured it is low: what is around it must not follow, or what is read beside it scrolls away.
    if (around) around.style.minBlockSize = `${around.offsetHeight}px`
    textarea.style.blockSize = 'auto'
    const borders = textarea.offsetHeight - textarea.clientHeight
    // It goes on fitting when the text size is changed.
    const em = parseFloat(getComputedStyle(textarea).fontSize)
    textarea.style.blockSize = `${(textarea.scrollHeight + borders) / em}em`
    if (around) around.style.minBlockSize = ''
  }
}
