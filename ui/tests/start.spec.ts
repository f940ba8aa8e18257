import { expect } from '@playwright/test'
import { open, test } from './page'

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
  await expect(page.getByRole('alert')).toContainText('do not match')
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

test('Enter in the key tests before it keeps, and keeps what does not answer only when asked again', async ({ page }) => {
  await page.goto('/?state=new&keychain&endpoint=none')
  await page.getByTestId('choose-keychain').click()
  await page.getByTestId('choose-endpoint').click()
  const save = page.getByTestId('save-endpoint')
  await page.getByTestId('endpoint-address').fill('https://refused.example')
  await page.getByTestId('endpoint-key').fill('sk-right')
  await page.getByTestId('endpoint-key').press('Enter')
  await expect(page.getByTestId('endpoint-outcome')).toContainText('Nothing answers')
  await expect(save).toHaveText('Save anyway')
  // Whatever is changed is tested anew.
  await page.getByTestId('endpoint-key').fill('sk-other')
  await expect(save).toHaveText('Save')
  await page.getByTestId('endpoint-key').press('Enter')
  await expect(save).toHaveText('Save anyway')
  await save.click()
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('without an endpoint the built-in model answers', async ({ page }) => {
  await page.goto('/?state=new&empty&endpoint=none')
  await page.getByTestId('choose-temporary').click()
  await page.getByTestId('choose-built-in').click()
  await expect(page.getByTestId('model-picker')).toHaveText('Built-in model')
})

test('what is refused about two passphrases is told only as long as it is true', async ({ page }) => {
  await page.goto('/?state=new&empty')
  await page.getByTestId('choose-passphrase').click()
  await expect(page.getByText('Nobody can recover the passphrase.')).toBeVisible()
  const [first, second] = [page.getByTestId('new-passphrase'), page.getByTestId('repeat-passphrase')]
  await page.getByTestId('create-vault').click()
  await expect(page.getByRole('alert')).toHaveText('Type a passphrase.')
  await expect(first).toHaveAttribute('aria-invalid', 'true')
  await first.fill('correct horse')
  await second.fill('correct house')
  await page.getByTestId('create-vault').click()
  await expect(page.getByRole('alert')).toContainText('do not match')
  await expect(second).toHaveAttribute('aria-invalid', 'true')
  await first.fill('correct house')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(second).toHaveAttribute('aria-invalid', 'false')
})

test('what answers is named as it was called, with its host beside it', async ({ page }) => {
  await page.goto('/?endpoint=none')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-endpoints').click()
  await page.getByTestId('add-endpoint').click()
  await page.getByTestId('endpoint-address').fill('http://127.0.0.1:8080/v1')
  await expect(page.getByTestId('endpoint-http')).toHaveCount(0)
  await page.getByTestId('endpoint-name').fill('Town hall')
  await page.getByTestId('save-endpoint').click()
  await page.getByTestId('endpoint').waitFor()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('answerer')).toHaveText('Town hall')
  await expect(page.getByTestId('answerer')).toHaveAttribute('title', 'Questions in this conversation go to 127.0.0.1:8080')
})

test('who answers is named for the conversation that is open', async ({ page }) => {
  await page.goto('/')
  const answerer = page.getByTestId('answerer')
  await expect(answerer).not.toHaveText('Built-in model')
  const standard = (await answerer.textContent()) ?? ''
  await open(page, 'Offline note')
  await expect(answerer).toHaveText('Built-in model')
  await expect(answerer).toHaveAttribute('title', 'Questions in this conversation stay on this machine')
  await page.getByTestId('new-conversation').click()
  await expect(answerer).toHaveText(standard)
  await page.getByTestId('model-picker').click()
  await page.getByRole('menuitemradio', { name: /Built-in model/u }).click()
  await expect(answerer).toHaveText('Built-in model')
})

test('who answers need not be said at once', async ({ page }) => {
  await page.goto('/?state=new&empty&endpoint=none')
  await page.getByTestId('choose-temporary').click()
  await page.getByTestId('skip-endpoint').click()
  await expect(page.getByTestId('composer')).toBeFocused()
  await expect(page.getByTestId('model-picker')).toHaveText('Built-in model')
})

test('dates are written as the system writes them, in the language of the page', async ({ page }) => {
  const date = page.getByTestId('message').first().locator('time')
  for (const [address, written] of [
    ['/?locale=en-US', /^\p{L}+ \d+, \d{4}/u],
    ['/?locale=en-GB', /^\d+ \p{L}+ \d{4}/u],
    // Another language, or none that is one: as the web view says.
    ['/?locale=ja-JP', /^\d+ \p{L}+ \d{4}/u],
    ['/?locale=_', /^\d+ \p{L}+ \d{4}/u],
  ] as const) {
    await page.goto(address)
    await open(page, 'Offline note')
    await expect(date).toHaveText(written)
  }
})
