import { readFileSync } from 'node:fs'
import { type Page, expect } from '@playwright/test'
import { clipped } from './clipped'
import { test } from './page'
import { SCENES } from './scenes'

type Text = string | Record<string, string>

const CATALOGUE = JSON.parse(readFileSync(new URL('../messages/en.json', import.meta.url), 'utf8')) as Record<string, Text>
const ACCENTED: Record<string, string> = { a: 'á', c: 'ç', e: 'é', i: 'í', n: 'ñ', o: 'ó', s: 'š', u: 'ú', y: 'ý', A: 'Á', C: 'Ç', E: 'É', I: 'Í', N: 'Ñ', O: 'Ó', S: 'Š', U: 'Ú' }
/** What marks the beginning and the end of a text of the catalogue. */
const [BEGIN, END] = ['⟦', '⟧']
/** How much longer the texts of other languages are than those of English. */
const LONGER = 0.4
/** What the system words, of dates, sizes and times. */
const WORDED = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\w*\b|\b(?:at|and|am|pm|ms|secs?|mins?|hrs?|seconds?|minutes?|bytes?|byte|kB|MB|GB)\b/giu

function pseudo(text: Text): Text {
  if (typeof text !== 'string') return Object.fromEntries(Object.entries(text).map(([form, own]) => [form, pseudo(own) as string]))
  const accented = text.replace(/\{\w+\}|[A-Za-z]/gu, (found) => ACCENTED[found] ?? found)
  return `${BEGIN}${accented}${' ~~~~'.repeat(Math.ceil((text.length * LONGER) / 5))}${END}`
}

/** Gives the page these texts in the place of English ones. */
async function speakPseudo(page: Page): Promise<void> {
  const texts = Object.values(CATALOGUE).map(pseudo)
  const body = `const texts = ${JSON.stringify(texts)}; export { texts as default }`
  await page.route(/\/assets\/en-[^/]+\.js$/u, (route) => route.fulfill({ body, contentType: 'text/javascript' }))
}

/** The texts on the screen that come from no catalogue and are nobody's own. */
const foreign = (page: Page) =>
  page.evaluate(
    ([begin, end, worded]) => {
      const own = '[dir=auto], [dir=ltr]:not(html), .prose, pre, code, kbd, time, bdi, [translate=no], [lang]:not(html), mark'
      const strange = (text: string) => {
        let rest = text
        // A text may stand in another one's place.
        for (let before = ''; before !== rest; ) [before, rest] = [rest, rest.replace(new RegExp(`${begin}[^${begin}${end}]*${end}`, 'gu'), ' ')]
        return /\p{L}{2}/u.test(rest.replace(new RegExp(worded, 'giu'), ''))
      }
      const found: string[] = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.parentElement
        if (at && !at.closest(own) && at.checkVisibility() && strange(at.childElementCount === 0 ? (at.textContent ?? '') : (node.textContent ?? ''))) found.push(at.outerHTML.slice(0, 160))
      }
      for (const at of document.querySelectorAll<HTMLElement>('[aria-label], [title], [placeholder], [alt]')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
          const text = at.getAttribute(name)
          // A name of someone's own may stand beside a text; what a failure says exactly is English.
          if (text && !text.includes(begin) && !at.closest(own) && !at.matches('[role=status]') && strange(text)) found.push(`${name}: ${at.outerHTML.slice(0, 160)}`)
        }
      }
      return found
    },
    [BEGIN, END, WORDED.source] as const,
  )

for (const [name, show] of Object.entries(SCENES)) {
  test(`${name}: every text is from the catalogue or someone’s own, and is seen whole though it is longer`, async ({ page }) => {
    await speakPseudo(page)
    await show(page)
    await expect.poll(() => page.locator('body').innerText()).toContain(BEGIN)
    expect.soft(await foreign(page), 'from no catalogue').toEqual([])
    for (const width of [1280, 400]) {
      if (width < 700) await page.setViewportSize({ width, height: 760 })
      expect.soft(await clipped(page, BEGIN), `not whole in ${width}`).toEqual([])
    }
  })
}
