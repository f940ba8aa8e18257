/** What the program puts around the passage in the text of its page. */
const START = '\u0002'
const END = '\u0003'

/** Takes the signs around a passage out of a page, and marks what stands between them; gives the marks. */
export function markPassage(page: Element): HTMLElement[] {
  const marks: HTMLElement[] = []
  const whole = page.textContent.includes(START) && page.textContent.includes(END)
  let inside = false
  for (const node of textsOf(page)) {
    const parts: (string | Node)[] = []
    // eslint-disable-next-line no-control-regex -- they are the signs
    for (const piece of node.data.split(/([\u0002\u0003])/u)) {
      if (piece === START) inside = whole
      else if (piece === END) inside = false
      else if (inside && piece.trim() !== '') {
        const mark = document.createElement('mark')
        mark.textContent = piece
        marks.push(mark)
        parts.push(mark)
      } else parts.push(piece)
    }
    node.replaceWith(...parts)
  }
  return marks
}

/** All of them at once: to replace one would end a walk. */
function textsOf(element: Element): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) texts.push(walker.currentNode as Text)
  return texts
}
