import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

test('an answer in another language than the page bears its own, and code bears none', async ({ page }) => {
  await page.goto('/?empty')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await ask(page, 'Answer in French')
  const french = answer(page, 'complete')
  await expect(french.locator('.block')).toHaveAttribute('lang', 'fr')
  // What is too short to tell, and what the page itself says, is in the language of the page.
  await expect(page.locator('[data-role=user] .block')).not.toHaveAttribute('lang')
  await expect(page.locator('[data-testid=message] :is(header, button, .prose)[lang]')).toHaveCount(0)
  await expect(page.getByTestId('said').getByText('Les habitants')).toHaveAttribute('lang', 'fr')
  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations).toEqual([])

  await ask(page, 'And now only code')
  await expect(answer(page, 'complete')).toHaveCount(2)
  // A question that comes after it is told: by then the code would have been.
  await ask(page, 'Quand le pont est réparé, et la mairie, et les habitants, qui paie la facture du pont ?')
  await expect(page.locator('[data-role=user] .block[lang=fr]')).toHaveText(/Quand le pont/u)
  await expect(answer(page, 'complete').nth(1).getByText('the sum of the costs')).toBeVisible()
  await expect(answer(page, 'complete').nth(1).locator('[lang]')).toHaveCount(0)
})

test('so does an answer while it still arrives', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'Answer in French, a long one')
  await expect(answer(page, 'streaming').locator('.block').first()).toHaveAttribute('lang', 'fr')
  await page.getByTestId('stop').click()
})

test('what search finds, a title and a document bear their language', async ({ page }) => {
  await page.goto('/?documents')
  await open(page, 'Le bail de la mairie')
  await answer(page, 'complete').locator('a[href^="passage:"]').first().click()
  await expect(page.getByTestId('document-text').locator('.block').first()).toHaveAttribute('lang', 'fr')

  await page.goto('/?empty')
  await ask(page, 'Quand le pont est réparé, et la mairie, et les habitants, in French')
  await expect(answer(page, 'complete').last()).toContainText('habitants')
  await expect(page.getByTestId('title')).toHaveAttribute('lang', 'fr')
  await expect(page.getByTestId('conversation-item').filter({ hasText: 'Quand le pont' })).toHaveAttribute('lang', 'fr')
  await page.getByTestId('search').fill('habitants')
  await expect(page.getByTestId('search-result').filter({ hasText: 'demandé' }).locator('span')).toHaveAttribute('lang', 'fr')
})
