import AxeBuilder from '@axe-core/playwright'
import { type Page, expect } from '@playwright/test'
import { answer, ask, test } from './page'
import { SCENES } from './scenes'

const overflow = (page: Page) =>
  page.evaluate(() => {
    const wide = [...document.querySelectorAll('main, main *, .layer-dialog, .undo')].filter((e) => {
      const scrolls = e.closest('pre, math, .code-box, .block:has(table)')
      return !scrolls && e.getBoundingClientRect().right > innerWidth + 0.5 && getComputedStyle(e).clipPath === 'none'
    })
    return [document.documentElement.scrollWidth - innerWidth, wide.map((e) => e.outerHTML.slice(0, 80))]
  })

/** What is shown at the left of the conversation, and is put away where the page is narrow. */
const ofTheList = (name: string) => name === 'a search' || name === 'a folder' || name.startsWith('the ')

for (const locale of ['en-GB', 'fr-FR']) {
  test.describe(`a screen in ${locale}`, () => {
    test.use({ locale })

    for (const [name, show] of Object.entries(SCENES)) {
      test(`${name}: axe finds nothing to mend in light and dark, nothing lies beside 400 pixels`, async ({ page }) => {
        await show(page)
        const nameless = await page.locator('button[aria-label]:not([title]):not(.shade)').evaluateAll((buttons) => buttons.filter((b) => b.textContent?.trim() === '').map((b) => b.outerHTML))
        expect.soft(nameless, 'without a tooltip').toEqual([])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          // The page has no frame, for which the other mode opens another page each time.
          const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
          const found = violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html}`))
          expect.soft(found, colorScheme).toEqual([])
        }
        if (ofTheList(name)) return
        await page.setViewportSize({ width: 400, height: 760 })
        await expect.poll(() => overflow(page)).toEqual([0, []])
      })
    }
  })
}

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' })

  test('the page speaks it', async ({ page }) => {
    await page.goto('/?empty')
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
    await expect(page.getByRole('heading')).toHaveText('Sur quoi travaillons-nous\u202f?')
    await ask(page, 'please fail')
    await expect(answer(page, 'failed').getByTestId('failure')).toContainText('Réessayez dans 20 secondes.')
  })
})

test.describe('in a language that is not there', () => {
  test.use({ locale: 'de-DE' })

  test('the page speaks English', async ({ page }) => {
    await page.goto('/?empty')
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await expect(page.getByRole('heading')).toHaveText('What are we working on?')
  })
})

test.describe('in 400 pixels', () => {
  test.use({ viewport: { width: 400, height: 760 } })

  test('the list lies over the conversation, and goes away after use', async ({ page }) => {
    await page.goto('/')
    const item = page.getByTestId('conversation-item').first()
    await expect(item).toBeHidden()
    const show = page.getByRole('button', { name: 'Show the conversations' })
    await show.click()
    await expect(item).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(item).toBeHidden()
    await page.keyboard.press('Control+Shift+f')
    await expect(page.getByTestId('search')).toBeFocused()
    await item.click()
    await expect(item).toBeHidden()
    await expect(page.getByTestId('message').first()).toBeVisible()
  })
})

test('everything grows with the text', async ({ page }) => {
  await page.goto('/?empty')
  const icon = page.getByTestId('attach').locator('svg')
  const size = async () => (await icon.boundingBox())?.width
  expect(await size()).toBe(18)
  await page.getByTestId('composer').waitFor()
  await page.evaluate(() => (document.documentElement.style.fontSize = '160%'))
  expect(await size()).toBeCloseTo(28.8)
  const middle = async (place: string) => {
    const box = await page.locator(place).boundingBox()
    return (box?.y ?? 0) + (box?.height ?? 0) / 2
  }
  expect(Math.abs((await middle('nav .search svg')) - (await middle('nav .search input')))).toBeLessThan(1)
  // The hint takes one line, or none where it finds no room.
  for (const width of [1280, 1000, 900, 800]) {
    await page.setViewportSize({ width, height: 700 })
    const lines = await page.locator('.hint').evaluate((hint) => hint.getBoundingClientRect().height / parseFloat(getComputedStyle(hint).fontSize))
    expect(lines, String(width)).toBeLessThan(1.6)
    await page.getByTestId('example').last().scrollIntoViewIfNeeded()
    await expect(page.getByTestId('example').last()).toBeInViewport({ ratio: 0.95 })
  }
})

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('nothing moves by itself', async ({ page }) => {
    await page.goto('/?empty')
    await ask(page, 'a long one')
    await expect(answer(page, 'streaming')).toContainText('word')
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  })
})
