import { expect } from '@playwright/test'
import { answer, ask, test } from './page'

test.use({ viewport: { width: 680, height: 600 } })

test('a quick question is a bar; with its answer the window grows, and a whole one takes it over', async ({ page }) => {
  await page.goto('/?empty#quick')
  const html = page.locator('html')
  await expect(page.getByTestId('composer')).toBeFocused()
  await expect(html).toHaveAttribute('data-height', /^[12]\d\d$/u)
  await expect(page.getByTestId('conversation-item')).toHaveCount(0)
  await ask(page, 'hello')
  await expect(answer(page, 'complete')).toBeVisible()
  await expect(html).toHaveAttribute('data-height', '600')
  await page.getByTestId('quick-open').click()
  await expect(html).toHaveAttribute('data-window', /^c/u)
  await expect(html).toHaveAttribute('data-hidden', 'true')
  await expect(page.getByTestId('message')).toHaveCount(0)
  await expect(page.getByTestId('composer')).toHaveValue('')
})

test('Escape puts a quick question away, with all that is written', async ({ page }) => {
  await page.goto('/?empty#quick')
  await page.getByTestId('composer').fill('half a question')
  await page.keyboard.press('Escape')
  await expect(page.locator('html')).toHaveAttribute('data-hidden', 'true')
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(page.getByTestId('composer')).toHaveValue('half a question')
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('what lies on the clipboard is worked on where nothing is written', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/?empty#quick')
  await page.evaluate(() => navigator.clipboard.writeText('The bridge is old.'))
  await page.getByTestId('write-here').click()
  await expect(page.getByTestId('writing-source')).toHaveValue('The bridge is old.')
  // It has the room that it needs, and nothing was sent.
  await expect(page.locator('html')).toHaveAttribute('data-height', '600')
  await page.keyboard.press('Escape')
  await expect(page.locator('html')).toHaveAttribute('data-height', /^[12]\d\d$/u)
  await page.getByTestId('composer').fill('My own words.')
  await page.getByTestId('translate-here').click()
  await expect(page.getByTestId('translate-text')).toHaveValue('My own words.')
})

test('a new quick question follows an answer by keys', async ({ page }) => {
  await page.goto('/?empty#quick')
  await ask(page, 'hello')
  await expect(answer(page, 'complete')).toBeVisible()
  await page.keyboard.press('Control+n')
  await expect(page.getByTestId('message')).toHaveCount(0)
  await expect(page.getByTestId('composer')).toHaveValue('')
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('what is written for a quick question is no draft', async ({ page }) => {
  await page.goto('/?empty&remember#quick')
  await page.getByTestId('composer').fill('mine alone')
  // A draft is written after a pause.
  await page.waitForTimeout(800)
  await page.goto('/?empty&remember')
  await expect(page.getByTestId('example').first()).toBeVisible()
  await expect(page.getByTestId('composer')).toHaveValue('')
})
