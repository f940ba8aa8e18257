import { expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

const SECRET = 'correct horse battery staple'

test('a damaged history is read and exported, and says that it cannot be changed', async ({ page }) => {
  await page.goto('/?state=damaged&filed')
  const banner = page.getByTestId('damaged')
  await expect(banner).toContainText('The history is damaged.')
  await expect(banner.getByTestId('restore-last')).toHaveCount(0)
  await open(page, 'Summary of the draft decree')
  await expect(page.getByText('shortens the deadline')).toBeVisible()
  await expect(banner).toBeVisible()
  await banner.getByTestId('export-everything').click()
  await expect(page.getByTestId('brief')).toHaveText('The export is saved.')
  const exported = JSON.parse((await page.locator('html').getAttribute('data-exported')) ?? '') as { conversations: string[]; format: string }
  // The archived one as well.
  expect(exported).toEqual({ conversations: expect.arrayContaining(['c000000000016']), format: 'json' })
  expect(exported.conversations).toHaveLength(6)
  // A change is refused, and that is told.
  await page.getByTestId('conversation-actions').first().click()
  await page.getByTestId('pin').click()
  await expect(page.getByTestId('failure')).toContainText('damaged')
})

test('what is typed waits where nothing can be sent, and outlives a restored backup', async ({ page }) => {
  await page.goto('/?state=damaged&backups=scheduled')
  await page.getByTestId('composer').fill('a long letter')
  await expect(page.getByTestId('composer')).toHaveAccessibleDescription(/only a temporary conversation/u)
  await expect(page.getByTestId('send')).toBeDisabled()
  await page.getByTestId('composer').press('Enter')
  await expect(page.getByTestId('composer')).toHaveValue('a long letter')
  // No draft is refused behind it.
  await page.waitForTimeout(600)
  await expect(page.getByTestId('failure')).toHaveCount(0)
  await page.getByTestId('restore-last').click()
  const dialog = page.getByTestId('restore-dialog')
  await expect(dialog).toContainText('the backup made on 20 November 2026')
  await expect(dialog.getByTestId('restore-secret')).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await dialog.getByTestId('restore').click()
  await expect(page.getByTestId('brief')).toHaveText('The history has been restored from the backup.')
  await expect(page.getByTestId('damaged')).toHaveCount(0)
  await expect(page.getByTestId('composer')).toHaveValue('a long letter')
  await expect(page.getByTestId('send')).toBeEnabled()
})

test('a temporary conversation is held beside a damaged history', async ({ page }) => {
  await page.goto('/?state=damaged')
  await page.getByTestId('temporary').click()
  await expect(page.getByTestId('composer-damaged')).toHaveCount(0)
  await ask(page, 'hello')
  await expect(answer(page, 'complete')).toBeVisible()
})

test('a result of the search is shown without a change of the damaged history', async ({ page }) => {
  await page.goto('/?state=damaged')
  await page.getByTestId('search').fill('car park')
  await page.getByTestId('search-result').first().click()
  await expect(page.locator('article.target')).toContainText('car park')
  await expect(page.getByTestId('failure')).toHaveCount(0)
})

test('another backup is chosen from the banner', async ({ page }) => {
  await page.goto('/?state=damaged&backups=scheduled')
  await expect(page.getByTestId('restore-last')).toContainText('20 Nov 2026')
  await page.getByTestId('restore-other').click()
  await page.getByTestId('restore-secret').fill(SECRET)
  await page.getByTestId('restore').click()
  await expect(page.getByTestId('conversation-item').first()).toHaveText('As of the backup')
})

for (const [state, title] of [
  ['locked', 'The history is locked'],
  ['open', 'Bureau cannot start'],
] as const) {
  test(`a history that is ${state} and cannot be opened is replaced by a backup`, async ({ page }) => {
    await page.goto(`/?state=${state}&ruined`)
    await expect(page.getByRole('heading')).toHaveText(title)
    if (state === 'locked') {
      await page.getByTestId('passphrase').fill(SECRET)
      await page.getByTestId('unlock').click()
    }
    await page.getByTestId('restore-offer').click()
    await page.getByTestId('restore-secret').fill('wrong')
    await page.getByTestId('restore').click()
    await expect(page.getByTestId('restore-dialog').getByRole('alert')).toContainText('This does not open the backup')
    await page.getByTestId('restore-secret').fill(SECRET)
    await page.getByTestId('restore').click()
    await expect(page.getByTestId('conversation-item').first()).toHaveText('As of the backup')
    await expect(page.getByTestId('brief')).toHaveText('The history has been restored from the backup.')
  })
}

test('where problems are found the history is read as far as it goes, or a backup is restored', async ({ page }) => {
  await page.goto('/?damaged')
  await page.getByTestId('composer').fill('not lost')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-storage').click()
  await expect(page.getByTestId('read-damaged')).toHaveCount(0)
  await page.getByTestId('verify').click()
  await page.getByTestId('verify-restore').click()
  await page.getByTestId('restore-dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-storage').click()
  await page.getByTestId('verify').click()
  await page.getByTestId('read-damaged').click()
  await expect(page.getByTestId('damaged')).toBeVisible()
  await expect(page.getByTestId('composer')).toHaveValue('not lost')
})
