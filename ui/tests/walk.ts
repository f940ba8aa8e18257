import { type Page, expect } from '@playwright/test'

/** More presses than any screen has places: one that does not come round is a trap. */
const LIMIT = 150

interface Round {
  /** What is to be reached, and how its frames looked while nothing had the focus. */
  reachable: Map<HTMLElement, readonly string[]>
  reached: Set<Element>
  looks: (element: Element) => readonly string[]
  /** What is wrong with how the focus is shown on this element, which has it. */
  unseen: (element: Element) => string | null
}

/** Notes what can be reached, and how all of it looks without the focus. Each of the two needs a page where nothing moves. */
const begin = (page: Page) =>
  page.evaluate(() => {
    const selector = 'a[href], button, input, select, textarea, summary, [tabindex]'
    const dialog = [...document.querySelectorAll<HTMLElement>('dialog[open], [role=dialog], [role=alertdialog]')].at(-1)
    const reachable = [...(dialog ?? document).querySelectorAll<HTMLElement>(selector)].filter((e) => {
      const radio = e instanceof HTMLInputElement && e.type === 'radio'
      if (radio && !e.checked) return false
      return e.tabIndex >= 0 && !e.matches(':disabled') && !e.closest('[inert]') && e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
    })
    const outlined = ({ outlineStyle, outlineWidth, outlineColor }: CSSStyleDeclaration) =>
      outlineStyle !== 'none' && outlineWidth !== '0px' && !/, 0\)$/u.test(outlineColor) ? `${outlineWidth} ${outlineColor}` : ''
    const looks = (at: Element) => {
      // What is drawn for a hidden control beside it, and what frames a field and its buttons, show its focus.
      const around = at.closest('form, [role=search], .search, .field, .box, .bar, li, label')
      const frames = [at.matches('.visually-hidden') ? null : at, at.nextElementSibling, at.parentElement, around]
      return frames.map((frame) => {
        if (!frame) return ''
        const style = getComputedStyle(frame)
        return [outlined(style), style.boxShadow, style.borderColor, style.backgroundColor].join(' ')
      })
    }
    const round: Round = {
      reachable: new Map(),
      reached: new Set(),
      looks,
      unseen: (at) => {
        const before = round.reachable.get(at as HTMLElement)
        // What was not there at the beginning was not seen without.
        const seen = before ? looks(at).some((look, i) => look !== before[i]) : outlined(getComputedStyle(at)) !== ''
        return seen ? null : `no visible focus: ${at.outerHTML.slice(0, 120)}`
      },
    }
    ;(document.activeElement as HTMLElement | null)?.blur?.()
    for (const element of reachable) round.reachable.set(element, looks(element))
    Object.assign(window, { round })
  })

/** Goes round the screen by Tab alone: every control is reached, can be seen to have the focus, and can be left. */
export async function walk(page: Page): Promise<void> {
  // Menus and lists are walked by arrows.
  if ((await page.locator('[role=menu], [role=listbox]').count()) > 0) return
  await begin(page)
  let known = 0
  for (let i = 0; i < LIMIT && known < 2; i += 1) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(() => {
      const { round } = window as unknown as { round: Round }
      const at = document.activeElement as HTMLElement
      if (at === document.body) return { again: round.reached.size > 0, faults: [] }
      const again = round.reached.has(at)
      round.reached.add(at)
      const box = (at.matches('.visually-hidden') ? (at.parentElement ?? at) : at).getBoundingClientRect()
      const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
      return { again, faults: [round.unseen(at), within ? null : `out of sight: ${at.outerHTML.slice(0, 120)}`].filter((fault) => fault !== null) }
    })
    expect.soft(found.faults).toEqual([])
    known = found.again ? known + 1 : 0
  }
  const missed = await page.evaluate(() => {
    const { round } = window as unknown as { round: Round }
    return [...round.reachable.keys()].filter((e) => !round.reached.has(e) && e.isConnected && e.checkVisibility()).map((e) => e.outerHTML.slice(0, 120))
  })
  expect.soft(missed, 'not reached by Tab').toEqual([])
  expect.soft(known, 'the way round').toBeGreaterThan(0)

  // With the colours of the system alone shadows are gone, and backgrounds are all one.
  await page.emulateMedia({ forcedColors: 'active' })
  await begin(page)
  const unseen = await page.evaluate(() => {
    const { round } = window as unknown as { round: Round }
    return [...round.reachable.keys()].flatMap((element) => {
      element.focus()
      return document.activeElement === element ? (round.unseen(element) ?? []) : []
    })
  })
  expect.soft(unseen, 'with the colours of the system alone').toEqual([])
  await page.emulateMedia({ forcedColors: 'none' })
}
