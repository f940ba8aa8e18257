/** The title button of the next row, or of the one before; a heading is no place to stop. */
export function titleBeside(row: Element | null | undefined, side: 'next' | 'previous'): HTMLElement | null {
  let beside = row?.[`${side}ElementSibling`]
  while (beside) {
    const title = beside.querySelector<HTMLElement>('.title')
    if (title) return title
    beside = beside[`${side}ElementSibling`]
  }
  return null
}
