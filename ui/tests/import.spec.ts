import { type Page, expect } from '@playwright/test'
import { test } from './page'

const dialog = (page: Page) => page.getByTestId('import')

async function begin(page: Page, outcome: string) {
  await page.goto(`/?empty&import=${outcome}`)
  await page.getByTestId('open-import').click()
  await expect(dialog(page)).toContainText('ChatGPT')
  await page.getByTestId('choose-import').click()
}

test('an export of another program is brought in, with what could not come', async ({ page }) => {
  await begin(page, 'short')
  const report = page.getByTestId('import-report')
  await expect(report).toContainText('The import from ChatGPT is complete.')
  await expect(report.locator('dd')).toHaveText(['8', '1', '1'])
  await page.getByTestId('import-refused').locator('summary').click()
  await expect(report).toContainText('Not in the form its program writes (line 4)')
  await page.getByTestId('import-left-out').locator('summary').click()
  await expect(report).toContainText('Messages of tools: 2 · Files missing from the export: plan.pdf')
  await page.getByTestId('open-imported').first().click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(page).toHaveTitle('Brought in 2 – Bureau')
  await expect(page.getByTestId('conversation-item')).toHaveCount(8)
})

test('an import tells how far it has come, goes on behind the dialog, and stops where it is told to', async ({ page }) => {
  await begin(page, 'long')
  const progress = page.getByRole('progressbar')
  await expect(progress).toHaveAccessibleName(/^Reading: .* of 400 MB$/u)
  await expect(page.getByTestId('import-progress')).toContainText('already here: 1; refused: 1')
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('chatgpt')
  await expect(page.getByRole('option', { selected: true })).toContainText('Import')
  await page.getByTestId('palette-row').filter({ hasText: 'Import…' }).click()
  await expect(progress).toBeVisible()
  await page.getByTestId('stop-import').click()
  await expect(dialog(page)).toContainText('You stopped it. What was added stays.')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('conversation-item').first()).toHaveText('Brought in 1')
})

test('an import that fails says so, and keeps what came before', async ({ page }) => {
  await begin(page, 'failed')
  await expect(dialog(page)).toContainText('The import stopped before it was finished.')
  await expect(dialog(page)).toContainText('the file ends in the middle of a conversation')
  await page.getByTestId('import-another').click()
  await expect(page.getByTestId('choose-import')).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('conversation-item')).toHaveCount(4)
})

test('nothing happens where no file is chosen', async ({ page }) => {
  await begin(page, 'none')
  await expect(page.getByTestId('choose-import')).toBeEnabled()
  await expect(dialog(page).getByTestId('import-report')).toHaveCount(0)
})
