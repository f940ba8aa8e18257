import { expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

test('the notice is accepted before anything else is seen', async ({ page }) => {
  await page.goto('/?notice')
  await expect(page.getByTestId('notice')).toContainText('official business')
  await expect(page.getByTestId('composer')).toHaveCount(0)
  await expect(page.getByTestId('conversation-item')).toHaveCount(0)
  await page.getByTestId('accept-notice').click()
  await expect(page.getByTestId('composer')).toBeVisible()
})

test('its keys lock the history, and nothing of it stays on the page', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Letter to the prefecture')
  await page.getByTestId('composer').fill('A draft')
  await page.keyboard.press('ControlOrMeta+l')
  const field = page.getByTestId('passphrase')
  await expect(field).toBeFocused()
  await expect(page.getByRole('heading', { name: 'Bureau is locked' })).toBeVisible()
  await expect(page).toHaveTitle('Bureau')
  await expect(page.locator('body')).not.toContainText('prefecture')
  await expect(page.locator('html')).toHaveAttribute('data-handed-over', '')
  await field.fill('correct horse battery staple')
  await field.press('Enter')
  // What was open is shown again, with what was being written.
  await expect(page.getByTestId('message').first()).toBeVisible()
  await expect(page.getByTestId('title')).toHaveText('Letter to the prefecture')
  await expect(page.getByTestId('composer')).toHaveValue('A draft')
})

test('a button locks the history where there is one to lock', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByTestId('open-lock')).toHaveAttribute('title', /^Lock Bureau \(.+L\)$/u)
  await page.getByTestId('open-lock').click()
  await expect(page.getByRole('heading', { name: 'Bureau is locked' })).toBeVisible()
  await page.goto('/?state=temporary')
  await expect(page.getByTestId('open-settings')).toBeVisible()
  await expect(page.getByTestId('open-lock')).toHaveCount(0)
})

test('what is temporary ends with the lock, and that is said before and after', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('temporary').click()
  await ask(page, 'Between us')
  await answer(page, 'complete').waitFor()
  await page.keyboard.press('ControlOrMeta+l')
  const dialog = page.getByTestId('confirm-dialog')
  await expect(dialog).toContainText('Your temporary conversations will end')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(answer(page, 'complete')).toBeVisible()
  await page.getByTestId('open-lock').click()
  await page.getByTestId('confirm').click()
  await expect(page.getByTestId('temporary-ended')).toBeVisible()
  await page.getByTestId('passphrase').fill('correct horse battery staple')
  await page.getByTestId('passphrase').press('Enter')
  await expect(page.getByTestId('composer')).toHaveValue('')
  await expect(page.getByTestId('message')).toHaveCount(0)
  // Nothing temporary, nothing to be asked or told.
  await page.getByTestId('open-lock').click()
  await expect(page.getByRole('heading', { name: 'Bureau is locked' })).toBeVisible()
  await expect(page.getByTestId('temporary-ended')).toHaveCount(0)
})

test('its keys lock from within a dialog, too', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('open-settings').click()
  await expect(page.getByTestId('settings-search')).toBeFocused()
  await page.keyboard.press('Control+l')
  await expect(page.getByRole('heading', { name: 'Bureau is locked' })).toBeVisible()
})

test('a lock that only the keychain opens says what it is', async ({ page }) => {
  await page.goto('/?state=locked&keychain&away')
  await expect(page.getByText('So can anyone who sits at your open session')).toBeVisible()
  await page.getByTestId('unlock-keychain').click()
  await expect(page.getByTestId('composer')).toBeVisible()
})

test('too many wrong passphrases have to wait', async ({ page }) => {
  await page.goto('/?state=locked&tried')
  await expect(page.getByTestId('passphrase-wait')).toContainText('seconds')
  await page.getByTestId('passphrase').fill('correct horse battery staple')
  await expect(page.getByTestId('unlock')).toBeDisabled()
})

test('a passphrase that the organisation asks for is chosen first', async ({ page }) => {
  await page.goto('/?keychain&unprotected')
  await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible()
  await page.getByTestId('new-passphrase').fill('correct horse battery staple')
  await page.getByTestId('repeat-passphrase').fill('correct horse battery staple')
  await page.getByTestId('set-passphrase').click()
  await expect(page.getByTestId('composer')).toBeVisible()
})

test('the passphrase is changed by whoever knows it', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-storage').click()
  await page.getByTestId('choose-new-passphrase').click()
  const set = async (old: string) => {
    await page.getByTestId('old-passphrase').fill(old)
    await page.getByTestId('new-passphrase').fill('another one of five words')
    await page.getByTestId('repeat-passphrase').fill('another one of five words')
    await page.getByTestId('set-passphrase').click()
  }
  await set('wrong')
  await expect(page.getByTestId('old-passphrase')).toHaveAttribute('aria-invalid', 'true')
  await set('correct horse battery staple')
  await expect(page.getByTestId('choose-new-passphrase')).toBeVisible()
  await expect(page.getByText('The passphrase is set.')).toBeVisible()
})

test('the window bears the marking, and a conversation a higher one', async ({ page }) => {
  await page.goto('/?marked')
  await expect(page.getByTestId('marking')).toHaveText('DIFFUSION RESTREINTE')
  await expect(page.getByTestId('marking-foot')).toHaveCSS('background-color', 'rgb(0, 51, 160)')
  await open(page, 'Letter to the prefecture')
  await page.getByTestId('mark').selectOption('SECRET')
  await expect(page.getByTestId('marking-foot')).toHaveText('SECRET')
  await expect(page.getByTestId('marking-foot')).toHaveCSS('background-color', 'rgb(200, 16, 46)')
  await page.getByTestId('new-conversation').click()
  await expect(page.getByTestId('marking-foot')).toHaveText('DIFFUSION RESTREINTE')
  await open(page, 'Letter to the prefecture')
  await expect(page.getByTestId('marking-foot')).toHaveText('SECRET')
})

test('who stirs is told to the program, and how long nobody may is chosen', async ({ page }) => {
  await page.goto('/')
  await ask(page, 'Hello')
  await expect(page.locator('html')).toHaveAttribute('data-stirred', '')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-privacy').click()
  await page.getByTestId('lock-minutes').selectOption('After 10 minutes')
  await expect(page.getByTestId('lock-minutes')).toHaveValue('10')
})
