import { type Page, expect } from '@playwright/test'
import { open, test } from './page'

const working = (page: Page) => page.getByRole('status').filter({ hasText: 'One moment…' })

/** Does something that takes three seconds here: it is told after a while, and no longer than it lasts. */
async function told(page: Page, begin: () => Promise<unknown>, end: () => Promise<unknown>) {
  await begin()
  await expect(working(page)).toBeVisible()
  await end()
  await expect(working(page)).toHaveCount(0)
}

test('what takes long is told: an export, a copy, a search, what was sent, a backup', async ({ page }) => {
  await page.goto('/?slow&backups=passphrase')
  const html = page.locator('html')
  const brief = page.getByTestId('brief')
  const palette = async (words: string) => {
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByTestId('palette-query').fill(words)
    await page.keyboard.press('Enter')
  }
  await open(page, 'Offline note')
  await told(page, () => palette('Export: PDF'), () => expect(brief).toHaveText('The export is saved.'))
  await expect(brief).toHaveCount(0)
  await told(page, () => palette('Back up now'), () => expect(html).toHaveAttribute('data-backed-up'))
  await expect(brief).toHaveCount(0)
  await told(page, () => palette('Request and response'), () => expect(page.getByTestId('copy-request')).toBeVisible())
  await page.keyboard.press('Escape')
  await told(page, () => page.getByTestId('search').fill('closed'), () => expect(page.getByTestId('search-result').first()).toBeVisible())
  await told(page, () => palette('Duplicate'), () => expect(page).toHaveTitle('Offline note (copy) – Bureau'))
})

test('what is done at once is not told, nor what waits for a dialog of the system', async ({ page }) => {
  await page.goto('/?slow')
  await open(page, 'Offline note')
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => {
      for (const e of document.querySelectorAll('[data-testid=working]')) seen.push(e.textContent ?? '')
    }).observe(document.body, { childList: true, subtree: true })
    window.dispatchEvent(new Event('blur'))
  })
  await page.getByTestId('search').fill('closed')
  await expect(page.getByTestId('search-result').first()).toBeVisible()
  expect(await page.evaluate('seen')).toEqual([])
})
