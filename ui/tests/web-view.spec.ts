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
