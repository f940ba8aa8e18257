import { type Page, expect } from '@playwright/test'
import { test } from './page'

async function storage(page: Page, address: string) {
  await page.goto(address)
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-storage').click()
  return page.getByTestId('setting-sync')
}

test('sharing begins in a folder, tells its code, exchanges and stops', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const setting = await storage(page, '/')
  await setting.getByTestId('sync-start').click()
  await expect(setting.getByRole('radio', { name: 'Folder' })).toBeFocused()
  await expect(setting.getByTestId('sync-begin')).toBeDisabled()
  await setting.getByTestId('sync-folder-choose').click()
  await expect(setting.getByTestId('sync-folder')).toHaveText('/media/files/ada/bureau')
  // What was chosen is not lost by going elsewhere.
  await page.keyboard.press('Escape')
  await expect(setting.getByTestId('unsaved')).toContainText('Not saved yet')
  await setting.getByTestId('sync-begin').click()
  const code = setting.getByTestId('sync-code')
  await expect(code).toHaveText(/^burea upair 1[a-z0-9 ]+$/u)
  const text = (await code.textContent()) ?? ''
  await expect(setting.getByTestId('copy-sync-code')).toBeFocused()
  await setting.getByTestId('copy-sync-code').click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text)
  await setting.getByTestId('sync-code-done').click()
  await expect(setting.getByTestId('sync-place')).toHaveText('/media/files/ada/bureau')
  await expect(setting.getByTestId('sync-last')).toContainText('Nothing has been exchanged yet. Changes still to be sent: 3.')
  await setting.getByTestId('sync-now').click()
  await expect(setting.getByTestId('sync-last')).toContainText('Last exchanged on')
  await expect(page.getByTestId('conversation-item').filter({ hasText: 'From the other machine' })).toHaveCount(1)
  await setting.getByTestId('sync-stop').click()
  await expect(setting.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await setting.getByTestId('sync-stop-confirm').click()
  await expect(setting.getByTestId('sync-start')).toBeFocused()
})

test('a machine joins the store that the configuration names, with its code', async ({ page }) => {
  const setting = await storage(page, '/?sync=offered')
  await setting.getByTestId('sync-join').click()
  await expect(setting.getByTestId('sync-address')).toHaveValue('s3://archives/bureau')
  await expect(setting.getByTestId('sync-endpoint')).toHaveValue('https://objects.example')
  await setting.getByTestId('sync-id').fill('access')
  await setting.getByTestId('sync-key').fill('sesame')
  await expect(setting.getByTestId('sync-begin')).toBeDisabled()
  await setting.getByTestId('sync-code-field').fill('burea upair 1zzzz')
  await setting.getByTestId('sync-begin').click()
  await expect(setting.getByRole('alert')).toContainText('This is not a pairing code.')
  await setting
    .getByTestId('sync-code-field')
    .fill('bureaupair1qqzry9x8gf2tvdw0s3jn54khce6mua7lpqqpzry9x8gf2tvdw0s3jn54khce6mua')
  await setting.getByTestId('sync-begin').click()
  await expect(setting.getByTestId('sync-place')).toHaveText('s3://archives/bureau')
  await expect(setting.getByTestId('sync-now')).toBeFocused()
})

test('a store that is taken, and one that is away, say what can be done', async ({ page }) => {
  let setting = await storage(page, '/')
  await setting.getByTestId('sync-start').click()
  await setting.getByText('Object store', { exact: true }).click()
  await setting.getByTestId('sync-address').fill('s3://taken/bureau')
  await setting.getByTestId('sync-begin').click()
  await expect(setting.getByRole('alert')).toContainText('A history is shared in this folder or store already.')
  setting = await storage(page, '/?sync=failing')
  await expect(setting.getByTestId('failure')).toContainText('Changes wait here until it can.')
  await setting.getByTestId('sync-now').click()
  await expect(setting.getByTestId('sync-now')).toBeEnabled()
  await expect(setting.getByTestId('failure')).toHaveCount(1)
})
