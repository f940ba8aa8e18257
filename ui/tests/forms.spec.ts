import { type Page, expect } from '@playwright/test'
import { test } from './page'

const beside = (page: Page) => page.mouse.click(10, 400)

test('a changed endpoint is left by its own buttons only', async ({ page }) => {
  await page.goto('/?endpoint=none')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-endpoints').click()
  await page.getByTestId('add-endpoint').click()
  await page.getByTestId('endpoint-key').fill('sk-typed')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('unsaved')).toHaveText('Not saved yet: save what you typed, or cancel.')
  await beside(page)
  await page.getByTestId('section-general').click()
  await page.keyboard.press('Control+,')
  await page.getByTestId('settings').getByRole('button', { name: 'Close' }).click()
  await expect(page.getByTestId('endpoint-key')).toHaveValue('sk-typed')
  await page.getByTestId('endpoint-key').fill('')
  await expect(page.getByTestId('unsaved')).toHaveText('')
  await page.getByTestId('endpoint-key').fill('sk-typed')
  await page.getByTestId('cancel-endpoint').click()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('settings')).toHaveCount(0)
})

test('changed instructions of a conversation stay until they are saved or cancelled', async ({ page }) => {
  await page.goto('/')
  const begin = async () => {
    await page.getByRole('button', { name: 'Actions for “Offline note”' }).click()
    await page.getByTestId('conversation-instructions-open').click()
  }
  const dialog = page.getByTestId('conversation-instructions')
  await begin()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await begin()
  await page.getByTestId('conversation-instructions-text').fill('Two lines at most.')
  await page.keyboard.press('Escape')
  await beside(page)
  await expect(page.getByTestId('unsaved')).toContainText('Not saved yet')
  await expect(page.getByTestId('conversation-instructions-text')).toHaveValue('Two lines at most.')
  await page.getByTestId('cancel-conversation-instructions').click()
  await expect(dialog).toHaveCount(0)
})

test('changed instructions in the settings stay until they are saved or cancelled', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-instructions').click()
  await page.getByTestId('instructions').fill('Answer briefly.')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('unsaved')).toContainText('Not saved yet')
  await page.getByTestId('cancel-instructions').click()
  await expect(page.getByTestId('instructions')).toHaveValue('')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('settings')).toHaveCount(0)
})
