import AxeBuilder from '@axe-core/playwright'
import { type Page, expect } from '@playwright/test'
import { test } from './page'

async function organisation(page: Page) {
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-organisation').click()
  return page.getByTestId('settings')
}

test('every rule is told in plain words, with the reason of the organisation', async ({ page }) => {
  await page.goto('/?policy')
  const dialog = await organisation(page)
  await expect(dialog.getByText('Ministry of Examples')).toBeVisible()
  await expect(dialog.getByText('Version 12 of its policy')).toBeVisible()
  await expect(dialog.getByTestId('rule').filter({ hasText: 'Only these models may be asked: atlas-*.' })).toContainText('cleared for personal data')
  await expect(dialog.getByTestId('rule').filter({ hasText: '20 MB' })).toBeVisible()
  await expect(dialog.getByTestId('rule').filter({ hasText: 'PDF and Word' })).toBeVisible()
  await expect(dialog.getByTestId('rule').filter({ hasText: 'Never sent to an endpoint: Payment card and Listed word (Projects).' })).toContainText('ext. 4242')
  await expect(dialog.getByTestId('rule').filter({ hasText: 'Sent to an endpoint only with your consent: IBAN.' })).toBeVisible()
  await expect(dialog.getByTestId('rule').filter({ hasText: 'Prompts that your organisation provides: 2.' })).toBeVisible()
  await expect(dialog.getByTestId('rule')).toHaveCount(22)
  await expect(dialog.getByTestId('audit-deliveries')).toHaveCount(0)
})

test('what the organisation has recorded is told with its rules, and how its destinations stand', async ({ page }) => {
  await page.goto('/?policy&audit')
  const dialog = await organisation(page)
  await expect(dialog.getByRole('heading', { name: 'What is recorded' })).toBeVisible()
  await expect(dialog.getByText('What you do is recorded, and not what you or the model write.')).toBeVisible()
  const deliveries = dialog.getByTestId('audit-deliveries').getByRole('listitem')
  await expect(deliveries).toHaveText([/siem Syslog · siem\.example:6514.*Everything was delivered\./su, /collector OTLP · https:\/\/otel\.example.*Not delivered yet: 1,204\./su])
  const found = await new AxeBuilder({ page }).include('[data-testid=setting-organisation]').analyze()
  expect(found.violations).toEqual([])
})

test('without an organisation there is no such section', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('open-settings').click()
  await expect(page.getByTestId('section-about')).toBeVisible()
  await expect(page.getByTestId('section-organisation')).toHaveCount(0)
})

test('a setting that is fixed is locked, and says why', async ({ page }) => {
  await page.goto('/?policy')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-appearance').click()
  const theme = page.getByTestId('setting-theme')
  await expect(theme.getByTestId('managed-theme')).toHaveText('Set by your organisation. The same on every desk.')
  await expect(theme.getByRole('radio').first()).toBeDisabled()
  await expect(page.getByTestId('setting-density').getByRole('radio').first()).toBeEnabled()
  await page.getByTestId('section-storage').click()
  await expect(page.getByTestId('managed-sync')).toContainText('Conversations stay on the ministry’s machines.')
  await expect(page.getByTestId('export-format').locator('option')).toHaveText(['PDF', /Word/u])
})

test('what is off does not show', async ({ page }) => {
  await page.goto('/?policy=strict')
  await expect(page.getByTestId('composer')).toBeVisible()
  for (const id of ['attach', 'temporary']) await expect(page.getByTestId(id)).toHaveCount(0)
  await page.getByTestId('conversation-item').first().click()
  await page.locator('[data-testid=message][data-role=assistant]').first().waitFor()
  for (const id of ['copy', 'copy-code', 'save-code']) await expect(page.getByTestId(id)).toHaveCount(0)
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-endpoints').click()
  await expect(page.getByTestId('add-endpoint')).toHaveCount(0)
  await expect(page.getByTestId('remove-endpoint')).toHaveCount(0)
  await expect(page.getByTestId('edit-endpoint')).toBeVisible()
})

test('a newer policy that was refused is told, and looked for again', async ({ page }) => {
  await page.goto('/?policy=refused')
  const dialog = await organisation(page)
  await expect(dialog.getByText('A newer policy could not be applied')).toBeVisible()
  await page.getByTestId('refresh-policy').click()
  await expect(dialog.getByText('A newer policy could not be applied')).toHaveCount(0)
})

test("the organisation's prompts stand before one's own, and are begun from like them", async ({ page }) => {
  await page.goto('/?policy&empty')
  const composer = page.getByTestId('composer')
  await composer.fill('/')
  const prompts = page.getByTestId('prompt')
  await expect(prompts).toHaveCount(5)
  await expect(prompts.getByTestId('prompt-origin')).toHaveText(['Ministry of Examples', 'Ministry of Examples'])
  await expect(prompts.nth(1)).toContainText('Note for the minister')
  await composer.fill('/answer a mail')
  // One's own of the same name stays beside it.
  await expect(prompts).toHaveCount(2)
  await expect(prompts.nth(1).getByTestId('prompt-origin')).toHaveCount(0)
  await composer.press('Enter')
  await page.keyboard.type('Ada')
  await expect(composer).toHaveValue('Answer Ada as the ministry does.')
})

test("the organisation's prompts are read in the settings, and one's own alone are changed", async ({ page }) => {
  await page.goto('/?policy')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-prompts').click()
  const provided = page.getByTestId('provided-prompt')
  await expect(provided).toHaveCount(2)
  await expect(provided.first().getByTestId('prompt-origin')).toHaveText('Ministry of Examples')
  await expect(provided.getByRole('button')).toHaveCount(0)
  await provided.first().getByText('Answer a mail').click()
  await expect(provided.first()).toContainText('as the ministry does')
  // What is done with one's own of the same name leaves it as it is.
  await page.getByRole('button', { name: 'Delete “Answer a mail”' }).click()
  await expect(page.getByTestId('kept-prompt')).toHaveCount(2)
  await page.getByTestId('undo-prompt').click()
  await expect(page.getByTestId('kept-prompt')).toHaveCount(3)
  await expect(provided).toHaveCount(2)
})
