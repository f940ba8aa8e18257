import { tick } from 'svelte'

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

/** Does something by which a row may go away; then the focus goes to the row beside it. */
export async function leavingRow(within: Element, run: () => unknown, returning: () => boolean = () => true): Promise<void> {
  const row = within.closest('li')
  const beside = titleBeside(row, 'next') ?? titleBeside(row, 'previous')
  await run()
  await tick()
  if (!within.isConnected && returning()) beside?.focus()
}
