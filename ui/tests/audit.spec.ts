import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { test } from './page'

test('a person sees what is recorded of them, where it goes, and what is behind', async ({ page }) => {
  await page.goto('/?audit')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-privacy').click()
  const setting = page.getByTestId('setting-recorded')
  await expect(setting.getByText('What you do is recorded, and not what you or the model write.')).toBeVisible()
  await expect(setting.getByText('Circular 2026/14')).toBeVisible()
  const deliveries = setting.getByTestId('audit-deliveries').getByRole('listitem')
  await expect(deliveries.nth(0)).toContainText('Everything was delivered.')
  await expect(deliveries.nth(1)).toContainText('Not delivered yet: 1,204.')
  await deliveries.nth(1).getByText('Why').click()
  await expect(deliveries.nth(1)).toContainText('connection refused')
  await setting.getByTestId('audit-show').click()
  const entries = setting.getByTestId('audit-entries').locator('> li')
  await expect(entries).toHaveCount(100)
  await expect(entries.first()).toContainText('A question to a model')
  await entries.first().getByText('Details').click()
  await expect(entries.first()).toContainText('mistral-small')
  const found = await new AxeBuilder({ page }).include('[data-testid=setting-recorded]').analyze()
  expect(found.violations).toEqual([])
  await setting.getByTestId('audit-more').click()
  await setting.getByTestId('audit-more').click()
  await expect(entries).toHaveCount(250)
  await expect(setting.getByTestId('audit-more')).toHaveCount(0)
})

test('without an organisation nothing is recorded, and that is said', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-privacy').click()
  await expect(page.getByTestId('audit-none')).toHaveText('Nothing is recorded.')
})
