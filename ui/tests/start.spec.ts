import { expect } from '@playwright/test'
import { test } from './page'

test('a passphrase is chosen twice and judged', async ({ page }) => {
  await page.goto('/?state=new&empty')
  await expect(page.getByTestId('choose-keychain')).toHaveCount(0)
  await page.getByTestId('choose-passphrase').click()
  const first = page.getByTestId('new-passphrase')
  await expect(first).toBeFocused()
  await first.fill('password')
  await expect(page.getByText('Easy to guess')).toBeVisible()
  await first.fill('correct horse battery staple')
  await expect(page.getByText('Strong.')).toBeVisible()
  await page.getByTestId('repeat-passphrase').fill('something else')
  await page.getByTestId('create-vault').click()
  await expect(page.getByRole('alert')).toContainText('differ')
  await expect(page.getByTestId('repeat-passphrase')).toBeFocused()
  await page.getByTestId('repeat-passphrase').fill('correct horse battery staple')
  await page.getByTestId('create-vault').click()
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('the keychain needs one click', async ({ page }) => {
  await page.goto('/?state=new&keychain')
  await page.getByTestId('choose-keychain').click()
  await expect(page.getByTestId('composer')).toBeVisible()
  await expect(page.getByText('Temporary session')).toHaveCount(0)
})

test('a temporary session says so all along', async ({ page }) => {
  await page.goto('/?state=new&empty')
  await page.getByTestId('choose-temporary').click()
  await expect(page.getByText('Temporary session')).toBeVisible()
  await page.getByTestId('new-conversation').click()
  await expect(page.getByText('Temporary session')).toBeVisible()
})

test('a wrong passphrase keeps the focus where it is needed', async ({ page }) => {
  await page.goto('/?state=locked')
  const field = page.getByTestId('passphrase')
  await expect(field).toBeFocused()
  await field.fill('wrong')
  await page.getByTestId('unlock').click()
  await expect(page.getByRole('alert')).toContainText('not the passphrase')
  await expect(field).toBeFocused()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(field).toHaveAttribute('type', 'text')
  await field.fill('correct horse battery staple')
  await field.press('Enter')
  await expect(page.getByTestId('composer')).toBeVisible()
})

test('a configuration that cannot be used is told', async ({ page }) => {
  await page.goto('/?broken')
  await expect(page.getByRole('heading')).toHaveText('Bureau cannot start')
  await expect(page.getByRole('alert')).toContainText('config.toml, line 3')
})

test('after the history comes the endpoint, tested before it is kept', async ({ page }) => {
  await page.goto('/?state=new&keychain&endpoint=none')
  await page.getByTestId('choose-keychain').click()
  await expect(page.getByRole('heading', { name: 'Who answers?' })).toBeVisible()
  await page.getByTestId('choose-endpoint').click()
  await page.getByTestId('endpoint-address').fill('https://refused.example')
  await page.getByTestId('test-endpoint').click()
  await expect(page.getByTestId('endpoint-outcome')).toContainText('Nothing answers')
  await page.getByTestId('endpoint-address').fill('https://ai.town.example/v1')
  await page.getByTestId('endpoint-key').fill('sk-right')
  await page.getByTestId('test-endpoint').click()
  await expect(page.getByTestId('endpoint-outcome')).toContainText('atlas-large')
  await page.getByTestId('save-endpoint').click()
  await expect(page.getByTestId('composer')).toBeFocused()
  await expect(page.getByText('ai.town.example', { exact: true })).toBeVisible()
})

test('without an endpoint the built-in model answers', async ({ page }) => {
  await page.goto('/?state=new&empty&endpoint=none')
  await page.getByTestId('choose-temporary').click()
  await page.getByTestId('choose-built-in').click()
  await expect(page.getByTestId('model-picker')).toHaveText('Built-in model')
})
