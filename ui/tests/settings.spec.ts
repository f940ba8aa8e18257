import { type Page, expect } from '@playwright/test'
import { answer, ask, test } from './page'

async function settings(page: Page, section?: string) {
  await page.getByTestId('open-settings').click()
  if (section) await page.getByTestId(`section-${section}`).click()
  return page.getByTestId('settings')
}

test('settings open by a key, find by words, and close with Escape', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('composer').press('Control+,')
  const dialog = page.getByTestId('settings')
  await expect(dialog.getByRole('heading', { name: 'General' })).toBeVisible()
  await page.getByTestId('settings-search').fill('damaged')
  await expect(dialog.getByTestId('setting-verify')).toBeVisible()
  await expect(dialog.getByTestId('setting-language')).toHaveCount(0)
  await page.getByTestId('settings-search').fill('nothing so named')
  await expect(dialog.getByText('No setting matches.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog.getByTestId('setting-language')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})

test('appearance changes at once, and outlives a reload', async ({ page }) => {
  await page.goto('/?remember')
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dialog = await settings(page, 'appearance')
  expect(await paper()).toBe('rgb(251, 250, 246)')
  await dialog.getByText('Dark', { exact: true }).click()
  await expect.poll(paper).toBe('rgb(20, 25, 27)')
  await dialog.getByText('Compact').click()
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact')
  await page.getByTestId('text-size').fill('140')
  await expect(dialog.getByText('140%')).toBeVisible()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('22.4px')
  await page.reload()
  await page.getByTestId('composer').waitFor()
  await expect.poll(paper).toBe('rgb(20, 25, 27)')
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact')
})

test.describe('on a dark system', () => {
  test.use({ colorScheme: 'dark' })

  test('a light theme stays light', async ({ page }) => {
    await page.goto('/')
    const dialog = await settings(page, 'appearance')
    await dialog.getByText('Light', { exact: true }).click()
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(251, 250, 246)')
  })
})

test('the language changes the whole page at once', async ({ page }) => {
  await page.goto('/')
  await settings(page)
  await page.getByTestId('language').selectOption('fr')
  await expect(page.getByTestId('settings').getByRole('heading', { name: 'Général' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('new-conversation')).toHaveText('Nouvelle conversation')
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Aujourd’hui')
})

test('Enter begins a line where it does not send', async ({ page }) => {
  await page.goto('/?empty')
  const dialog = await settings(page)
  await dialog.getByRole('switch', { name: 'Enter sends' }).click()
  await page.keyboard.press('Escape')
  await page.getByTestId('composer').fill('one')
  await page.getByTestId('composer').press('Enter')
  await page.keyboard.type('two')
  await expect(page.getByTestId('composer')).toHaveValue('one\ntwo')
  await page.getByTestId('composer').press('Control+Enter')
  await expect(answer(page, 'complete')).toBeVisible()
})

test('an endpoint is tested, told what is wrong with it, and kept', async ({ page }) => {
  await page.goto('/?endpoint=none')
  const dialog = await settings(page, 'endpoints')
  await expect(dialog.getByText('None yet')).toBeVisible()
  await page.getByTestId('add-endpoint').click()
  const address = page.getByTestId('endpoint-address')
  const outcome = page.getByTestId('endpoint-outcome')
  await expect(address).toBeFocused()
  for (const [host, words] of [
    ['https://unknown.example', 'letter by letter'],
    ['https://refused.example', 'server is running'],
    ['https://untrusted.example', 'Example Root CA'],
    ['https://page.example', 'end in /v1'],
    ['http://desk.example', 'tick “Allow an unencrypted connection” under the address'],
    ['https://ai.town.example/v1', 'HTTP 401'],
  ] as const) {
    await address.fill(host)
    await page.getByTestId('test-endpoint').click()
    await expect(outcome).toContainText(words)
    // What the system said of it says the same again, and is there to be asked for.
    await expect(outcome.locator('details')).not.toHaveAttribute('open')
    await expect(page.getByTestId('save-endpoint')).toBeInViewport()
  }
  await page.getByTestId('endpoint-key').fill('sk-right')
  await page.getByTestId('test-endpoint').click()
  await expect(outcome).toContainText('It answers, in 182 ms. Models offered: 2')
  await expect(outcome).toContainText('atlas-small')
  await page.getByTestId('save-endpoint').click()
  await expect(page.getByTestId('endpoint')).toContainText('ai.town.example')
  await expect(page.getByTestId('endpoint')).toContainText('Key kept')
})

test('the name of an endpoint follows its address until a person gives it one', async ({ page }) => {
  await page.goto('/?endpoint=none')
  await settings(page, 'endpoints')
  const edit = async (address: string, name?: string) => {
    await page.getByTestId('endpoint-address').fill(address)
    if (name) await page.getByTestId('endpoint-name').fill(name)
    await page.getByTestId('endpoint-key').fill('sk-secret')
    await page.getByTestId('save-endpoint').click()
  }
  const again = async () => {
    await page.getByTestId('edit-endpoint').click()
    await page.getByTestId('replace-key').click()
  }
  await page.getByTestId('add-endpoint').click()
  await edit('https://ai.town.example:8080/v1')
  await expect(page.getByTestId('endpoint')).toContainText('ai.town.example:8080')
  await again()
  await edit('https://ai.town.example:9090/v1')
  await expect(page.getByTestId('endpoint')).not.toContainText('8080')
  await again()
  await edit('https://ai.town.example:9090/v1', 'Town')
  await again()
  await edit('https://ai.town.example:7070/v1')
  await expect(page.getByTestId('endpoint').locator('b').first()).toHaveText('Town')
})

test('a kept key is never shown; it is replaced or forgotten', async ({ page }) => {
  await page.goto('/?endpoint=none')
  await settings(page, 'endpoints')
  await page.getByTestId('add-endpoint').click()
  await page.getByTestId('endpoint-address').fill('https://ai.town.example/v1')
  await page.getByTestId('endpoint-key').fill('sk-secret')
  await page.getByTestId('save-endpoint').click()
  await page.getByTestId('edit-endpoint').click()
  await expect(page.getByTestId('endpoint-key')).toHaveCount(0)
  expect(await page.content()).not.toContain('sk-secret')
  await page.getByTestId('replace-key').click()
  await expect(page.getByTestId('endpoint-key')).toHaveValue('')
  await page.getByRole('button', { name: 'Keep it after all' }).click()
  // Another server must not get it: that is said before anyone tries.
  await expect(page.getByTestId('key-kept')).toHaveText('A key is kept. It is never shown.')
  await page.getByTestId('endpoint-address').fill('https://ai.city.example/v1')
  await expect(page.getByTestId('key-kept')).toContainText('given for another server')
  await page.getByTestId('endpoint-address').fill('https://ai.town.example/v2')
  await expect(page.getByTestId('key-kept')).toHaveText('A key is kept. It is never shown.')
  await page.getByTestId('forget-key').click()
  await page.getByTestId('save-endpoint').click()
  await expect(page.getByTestId('endpoint')).toContainText('No key')
  await page.getByTestId('remove-endpoint').click()
  await page.getByTestId('confirm-remove').click()
  await expect(page.getByText('None yet')).toBeVisible()
})

test('an endpoint of the organisation cannot be changed here', async ({ page }) => {
  await page.goto('/')
  await settings(page, 'endpoints')
  await expect(page.getByTestId('endpoint')).toContainText('Set up by your organisation')
  await expect(page.getByTestId('edit-endpoint')).toHaveCount(0)
})

test('instructions are kept', async ({ page }) => {
  await page.goto('/')
  await settings(page, 'instructions')
  await page.getByTestId('instructions').fill('Answer briefly.')
  await page.getByTestId('save-instructions').click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  await page.keyboard.press('Escape')
  await settings(page, 'instructions')
  await expect(page.getByTestId('instructions')).toHaveValue('Answer briefly.')
})

test('storage is counted and verified', async ({ page }) => {
  await page.goto('/?damaged')
  const dialog = await settings(page, 'storage')
  await expect(page.getByTestId('storage-counts')).toHaveText('48 MB; conversations: 6, messages: 12')
  await expect(dialog.getByTestId('setting-slots').getByText('A passphrase')).toBeVisible()
  await page.getByTestId('verify').click()
  await expect(dialog.getByText('Problems found: 1')).toBeVisible()
})

test('everything is deleted only after its word is typed', async ({ page }) => {
  await page.goto('/')
  await ask(page, 'hello')
  await answer(page, 'complete').waitFor()
  await settings(page, 'storage')
  await page.getByTestId('delete-all').click()
  await expect(page.getByTestId('delete-all-confirm')).toBeDisabled()
  await expect(page.getByTestId('delete-all-confirm')).toBeInViewport({ ratio: 1 })
  await expect(page.getByTestId('delete-all-word')).toBeFocused()
  await page.getByTestId('delete-all-word').fill('delete')
  await page.getByTestId('delete-all-confirm').click()
  await expect(page.getByRole('heading', { name: 'Welcome to Bureau' })).toBeVisible()
  await page.getByTestId('choose-temporary').click()
  await expect(page.getByTestId('message')).toHaveCount(0)
})

test('diagnostics are copied, licences are listed', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  // As WebKit does: only what answers a click may write, at once.
  await page.addInitScript(() => {
    const write = navigator.clipboard.writeText.bind(navigator.clipboard)
    navigator.clipboard.writeText = (text) => (window.event ? write(text) : Promise.reject(new Error('NotAllowedError')))
  })
  await page.goto('/')
  const dialog = await settings(page, 'about')
  await page.getByTestId('copy-diagnostics').click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('endpoints: 1')
  await dialog.getByText('Components:').click()
  await expect(dialog.getByText('OFL-1.1').first()).toBeVisible()
})

test('the keys of a quick question are pressed, refused where another program has them, and taken away', async ({ page }) => {
  await page.goto('/')
  const dialog = await settings(page, 'shortcuts')
  const setting = dialog.getByTestId('setting-quick_keys')
  await expect(setting).toContainText('CtrlShiftSpace')
  await page.getByTestId('quick-keys').click()
  await page.keyboard.press('j')
  await expect(page.getByTestId('quick-keys')).toHaveText('Press the keys')
  await page.keyboard.press('Control+Alt+j')
  await expect(setting).toContainText('CtrlAltJ')
  await page.getByTestId('quick-keys').click()
  await page.keyboard.press('Control+q')
  await expect(dialog.getByRole('alert')).toHaveText('These keys belong to another program, or are not on this keyboard. Choose others.')
  await expect(setting).toContainText('CtrlAltJ')
  await page.getByTestId('quick-keys').click()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  await page.getByTestId('quick-keys-clear').click()
  await expect(setting).toContainText('None')
})

test('keys that are not heard say so beside them', async ({ page }) => {
  await page.goto('/?deaf')
  const dialog = await settings(page, 'shortcuts')
  await expect(dialog.getByRole('alert')).toContainText('bureau-desktop --quick')
})

test('new conversations are temporary where that is set', async ({ page }) => {
  await page.goto('/')
  const dialog = await settings(page, 'privacy')
  await dialog.getByTestId('setting-temporary').getByRole('switch').click()
  await page.keyboard.press('Escape')
  await page.getByTestId('new-conversation').click()
  await expect(page.getByTestId('temporary-banner')).toBeVisible()
  await ask(page, 'hello')
  await expect(answer(page, 'complete')).toBeVisible()
  await expect(page.getByTestId('temporary-banner')).toBeVisible()
})

test('a setting is found by what people call it, and its heading stays beside the button that closes all', async ({ page }) => {
  await page.goto('/')
  const dialog = await settings(page, 'endpoints')
  for (const [words, id] of [['passphrase', 'slots'], ['font', 'text_size'], ['keychain', 'slots'], ['proxy', 'endpoints']]) {
    await page.getByTestId('settings-search').fill(words ?? '')
    await expect(dialog.getByTestId(`setting-${id}`)).toBeVisible()
  }
  await page.getByTestId('settings-search').fill('')
  await page.getByTestId('add-endpoint').click()
  await page.setViewportSize({ width: 1280, height: 420 })
  await dialog.getByRole('region').evaluate((e) => (e.scrollTop = e.scrollHeight))
  await expect(dialog.getByRole('heading', { name: 'Models' })).toBeInViewport({ ratio: 1 })
})

test('conversations are deleted by their age only where that is asked for and saved', async ({ page }) => {
  await page.goto('/')
  const dialog = await settings(page, 'storage')
  await expect(page.getByTestId('retention-on')).not.toBeChecked()
  await page.getByTestId('retention-on').check()
  await page.getByTestId('retention-days').fill('0')
  await page.getByTestId('retention-days').blur()
  await expect(page.getByTestId('retention-days')).toHaveValue('365')
  await page.getByTestId('retention-days').fill('180')
  await page.keyboard.press('Escape')
  await expect(page.getByText('Not saved yet')).toBeVisible()
  await page.getByTestId('save-retention').click()
  await expect(page.getByTestId('save-retention')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await settings(page, 'storage')
  await expect(page.getByTestId('retention-days')).toHaveValue('180')
  await page.getByTestId('settings-search').fill('GDPR')
  await expect(dialog.getByTestId('setting-retention')).toBeVisible()
})

test('a legal hold is asked about, and nothing can be deleted then', async ({ page }) => {
  await page.goto('/')
  const dialog = await settings(page, 'storage')
  const hold = dialog.getByTestId('setting-hold').getByRole('switch')
  await hold.click()
  await expect(dialog.getByTestId('setting-hold')).toContainText('Nothing can be deleted until this is switched off')
  await dialog.getByTestId('setting-hold').getByRole('button', { name: 'Cancel' }).click()
  await expect(hold).not.toBeChecked()
  await hold.click()
  await page.getByTestId('confirm-hold').click()
  await expect(hold).toBeChecked()
  await page.keyboard.press('Escape')
  await page.getByTestId('conversation-actions').first().click()
  await page.getByTestId('delete').click()
  await expect(page.getByRole('alert')).toContainText('under legal hold')
})

test('what was asked and answered is counted by month and by model', async ({ page }) => {
  await page.goto('/')
  const dialog = await settings(page, 'activity')
  await expect(page.getByTestId('activity-total')).toContainText('Tokens read')
  const table = dialog.getByRole('table', { name: 'Messages by model' })
  await expect(table.getByRole('rowheader')).toHaveText(['atlas-small', 'atlas-large', 'Built-in model'])
  await dialog.getByText('Tokens', { exact: true }).click()
  await expect(dialog.getByRole('table', { name: 'Tokens by model' }).getByRole('row').nth(1)).toContainText('atlas-large3,353')
  const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' }).format(new Date())
  await expect(dialog.getByRole('table', { name: 'Tokens by month' }).getByRole('rowheader').first()).toHaveText(month)
})

test('a select box looks as the other fields do', async ({ page }) => {
  await page.goto('/')
  await settings(page)
  expect(await page.getByTestId('language').evaluate((e) => getComputedStyle(e).appearance)).toBe('none')
})
