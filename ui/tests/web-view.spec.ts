import { type Locator, expect } from '@playwright/test'
import { answer, open, test } from './page'

/** Whether a press of the right button there leaves the web view its own menu. */
async function menuAt(place: Locator): Promise<boolean> {
  const left = place.page().evaluate(
    () => new Promise<boolean>((resolve) => window.addEventListener('contextmenu', (e) => resolve(!e.defaultPrevented), { once: true })),
  )
  await place.click({ button: 'right' })
  return left
}

test('the web view’s own menu, which can reload the page, opens only where words can be edited or are selected', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  const words = answer(page, 'complete').getByText('The office is closed')
  expect(await menuAt(words)).toBe(false)
  expect(await menuAt(page.getByTestId('new-conversation'))).toBe(false)
  expect(await menuAt(page.getByTestId('composer'))).toBe(true)
  await words.click({ clickCount: 3 })
  expect(await menuAt(words)).toBe(true)
  expect(await menuAt(page.getByTestId('attach'))).toBe(false)
})

test('no keys reload the page or leave it', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await open(page, 'Minutes of the works council')
  await page.evaluate(() => history.pushState(null, '', '?further'))
  await page.evaluate(() => Object.assign(window, { here: true }))
  const refused = await page.evaluate(() => {
    const keys = [{ key: 'F5' }, { key: 'F5', ctrlKey: true }, { key: 'r', ctrlKey: true }, { key: 'R', ctrlKey: true, shiftKey: true }]
    const arrows = ['ArrowLeft', 'ArrowRight'].map((key) => ({ key, altKey: true }))
    return [...keys, ...arrows].map((init) => !document.body.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })))
  })
  expect(refused).toEqual([true, true, true, true, true, true])
  await page.keyboard.press('F5')
  await page.keyboard.press('Control+r')
  await page.keyboard.press('Alt+ArrowLeft')
  expect(await page.evaluate(() => 'here' in window)).toBe(true)
})

test('only content is selected, in a colour that is seen', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Summary of the draft decree')
  await page.getByTestId('blocks').last().waitFor()
  const selected = await page.evaluate(() => {
    getSelection()?.selectAllChildren(document.body)
    return getSelection()?.toString() ?? ''
  })
  expect(selected).toContain('shortens the deadline')
  for (const chrome of ['New conversation', 'rust', 'tokens read', 'atlas-large', 'Edit']) expect(selected).not.toContain(chrome)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const [paper, ink, selection] = await page.evaluate(() => {
      const luminance = (colour: string) => {
        const parts = (colour.match(/[\d.]+/gu) ?? []).slice(0, 3).map((part) => Number(part) / 255)
        const [r = 0, g = 0, b = 0] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
      }
      const { backgroundColor, color } = getComputedStyle(document.body)
      return [backgroundColor, color, getComputedStyle(document.body, '::selection').backgroundColor].map(luminance)
    })
    const contrast = (a = 0, b = 0) => Math.max(a, b) / Math.min(a, b)
    expect(contrast(selection, ink), colorScheme).toBeGreaterThan(4.5)
    expect(contrast(selection, paper), colorScheme).toBeGreaterThan(colorScheme === 'dark' ? 2.5 : 1.4)
  }
})

test('nothing scrolls or shows a bar under a dialog', async ({ page }) => {
  await page.goto('/?messages=400')
  await open(page, 'A very long conversation')
  const bars = () =>
    page.locator('#app').evaluate((app) => [...app.querySelectorAll('.scroller, .entries')].map((e) => getComputedStyle(e).overflowY))
  expect(await bars()).toEqual(['auto', 'auto'])
  const top = () => page.locator('.scroller').evaluate((e) => e.scrollTop)
  const before = await top()
  await page.keyboard.press('Control+k')
  await expect(page.getByTestId('palette')).toBeVisible()
  expect(await bars()).toEqual(['hidden', 'hidden'])
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('palette')).toHaveCount(0)
  expect(await bars()).toEqual(['auto', 'auto'])
  expect(await top()).toBe(before)
})
