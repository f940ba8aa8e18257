import { type Page, expect } from '@playwright/test'

/** More presses than any screen has places: one that does not come round is a trap. */
const LIMIT = 150

/** Goes round the screen by Tab alone: every control is reached, can be seen to have the focus, and can be left. */
export async function walk(page: Page): Promise<void> {
  // Menus and lists are walked by arrows.
  if ((await page.locator('[role=menu], [role=listbox]').count()) > 0) return
  await page.evaluate(() => {
    const selector = 'a[href], button, input, select, textarea, summary, [tabindex]'
    const dialog = [...document.querySelectorAll<HTMLElement>('dialog[open], [role=dialog], [role=alertdialog]')].at(-1)
    const reachable = [...(dialog ?? document).querySelectorAll<HTMLElement>(selector)].filter((e) => {
      const radio = e instanceof HTMLInputElement && e.type === 'radio'
      if (radio && !e.checked) return false
      return e.tabIndex >= 0 && !e.matches(':disabled') && !e.closest('[inert]') && e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
    })
    Object.assign(window, { reachable: new Set(reachable), reached: new Set() })
    ;(document.activeElement as HTMLElement | null)?.blur?.()
  })
  let known = 0
  for (let i = 0; i < LIMIT && known < 2; i += 1) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(() => {
      const { reachable, reached } = window as unknown as { reachable: Set<Element>; reached: Set<Element> }
      const at = document.activeElement as HTMLElement
      if (at === document.body) return { again: reached.size > 0, fault: null }
      const again = reached.has(at)
      reached.add(at)
      reachable.delete(at)
      const shown = (e: Element) => getComputedStyle(e).outlineStyle !== 'none' && getComputedStyle(e).outlineWidth !== '0px'
      // What is drawn for a hidden control beside it, and what frames a field and its buttons, show its focus.
      const frames = [at, at.nextElementSibling, at.parentElement, at.closest(':focus-within:has(> textarea), form, .search, .field, li, label')].filter((e) => e !== null)
      const visible = frames.some((e) => shown(e) || getComputedStyle(e).boxShadow !== 'none')
      const box = (at.matches('.visually-hidden') ? (at.parentElement ?? at) : at).getBoundingClientRect()
      const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
      return { again, fault: visible && within ? null : `${visible ? 'out of sight' : 'no visible focus'}: ${at.outerHTML.slice(0, 120)}` }
    })
    if (found.fault) expect.soft(found.fault).toBeNull()
    known = found.again ? known + 1 : 0
  }
  const missed = await page.evaluate(() => [...(window as unknown as { reachable: Set<Element> }).reachable].filter((e) => e.isConnected && (e as HTMLElement).checkVisibility()).map((e) => e.outerHTML.slice(0, 120)))
  expect.soft(missed, 'not reached by Tab').toEqual([])
  expect.soft(known, 'the way round').toBeGreaterThan(0)
}
