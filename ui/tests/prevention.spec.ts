import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { answer, ask, test } from './page'

const IBAN = 'FR14 2004 1010 0505 0001 3M02 606'

test('what is found while one types is shown, and leads to its words', async ({ page }) => {
  await page.goto('/?empty')
  const composer = page.getByTestId('composer')
  await composer.fill(`Pay ${IBAN} for Jeanne Moreau, Jeanne Moreau`)
  const chips = page.getByTestId('found').getByRole('button')
  await expect(chips).toHaveText([/IBAN.*asks first/su, /Name Patients.*Jeanne Moreau.*replaced/su])
  await chips.nth(1).click()
  await expect(composer).toBeFocused()
  const selected = await composer.evaluate((e: HTMLTextAreaElement) => e.value.slice(e.selectionStart, e.selectionEnd))
  expect(selected).toBe('Jeanne Moreau')
  await composer.fill('Nothing here')
  await expect(page.getByTestId('found')).toHaveCount(0)
})

test('what is asked about goes once it is confirmed, and stays where it is until then', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, `Pay ${IBAN}`)
  const dialog = page.getByTestId('held-dialog')
  await expect(dialog).toContainText('Send this?')
  await expect(dialog.getByTestId('found-list')).toContainText(IBAN)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByTestId('composer')).toHaveValue(`Pay ${IBAN}`)
  await page.getByTestId('send').click()
  await page.getByTestId('send-confirmed').click()
  await expect(answer(page, 'complete')).toHaveCount(1)
  await expect(page.getByTestId('composer')).toHaveValue('')
  await expect(dialog).toHaveCount(0)
})

test('what must not leave cannot be confirmed', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'Charge 4111 1111 1111 1111')
  const dialog = page.getByTestId('held-dialog')
  await expect(dialog).toContainText('This cannot be sent')
  await expect(page.getByTestId('send-confirmed')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Go back and change it' }).click()
  await expect(page.getByTestId('composer')).toHaveValue('Charge 4111 1111 1111 1111')
  await expect(page.getByTestId('message')).toHaveCount(0)
})

test('what would be sent is shown with its placeholders, and what was sent beside the answer', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('Write to Jeanne Moreau')
  await page.getByTestId('outgoing').click()
  const dialog = page.getByTestId('outgoing-dialog')
  await expect(dialog.locator('pre')).toContainText('[PERSON_1]')
  await expect(dialog.locator('pre')).not.toContainText('Moreau')
  await page.keyboard.press('Escape')
  await page.getByTestId('send').click()
  await page.getByTestId('replaced').click()
  await expect(page.getByTestId('exchange-dialog')).toBeVisible()
})

test('a person chooses what is looked for, and no less than the organisation does', async ({ page }) => {
  const settings = async () => {
    await page.getByTestId('open-settings').click()
    await page.getByTestId('section-privacy').click()
    return page.getByTestId('setting-prevention')
  }
  await page.goto('/')
  const own = await settings()
  await expect(own.getByRole('combobox')).toHaveCount(14)
  await expect(own).toContainText('What is “sent as it is” is pointed out to you while you write')
  await expect(own.getByLabel('Payment card')).toHaveValue('note')
  await own.getByLabel('Telephone number').selectOption('replaced')
  await expect(own.getByLabel('Telephone number')).toHaveValue('replace')
  await expect(page.getByTestId('managed-prevention')).toHaveCount(0)
  const found = await new AxeBuilder({ page }).include('[data-testid=setting-prevention]').analyze()
  expect(found.violations).toEqual([])

  await page.goto('/?policy')
  const governed = await settings()
  await expect(page.getByTestId('managed-prevention')).toContainText('Ask the data protection officer, ext. 4242.')
  await expect(governed.getByLabel('Payment card')).toBeDisabled()
  await expect(governed.getByLabel('E-mail address').getByRole('option')).toHaveText(['replaced', 'never sent'])
  await expect(governed.getByLabel('Passport or identity card').getByRole('option')).toHaveCount(5)
})
