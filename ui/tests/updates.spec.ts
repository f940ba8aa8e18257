import { type Page, expect } from '@playwright/test'
import { test } from './page'

async function about(page: Page, address: string) {
  await page.goto(address)
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-about').click()
  return page.getByTestId('setting-updates')
}

test('a newer version is told quietly, fetched, installed and started', async ({ page }) => {
  await page.goto('/?updates=found')
  await page.getByTestId('update-hint').click()
  const setting = page.getByTestId('setting-updates')
  const told = setting.getByTestId('update-told')
  await expect(told).toHaveText('Version 0.2.0 is available.')
  await setting.getByText('What is new').click()
  await expect(setting.getByTestId('update-notes')).toHaveText(/<b>This is text<\/b>/u)
  await setting.getByTestId('update-download').click()
  await expect(setting.getByTestId('update-progress')).toContainText(' of 24')
  await setting.getByTestId('update-stop').click()
  await expect(setting.getByTestId('update-download')).toBeEnabled()
  await setting.getByTestId('update-download').click()
  await expect(told).toHaveText('Version 0.2.0 is here, and its signature is good.')
  await setting.getByTestId('update-install').click()
  await expect(told).toHaveText('Version 0.2.0 is installed. It runs once Bureau is started again.')
  await setting.getByTestId('update-restart').click()
  await expect(page.locator('html')).toHaveAttribute('data-restarted')
})

test('without a server nothing is looked for, and where updates are forbidden that is told', async ({ page }) => {
  const setting = await about(page, '/')
  await expect(setting.getByTestId('update-nowhere')).toContainText('Bureau looks for none')
  await expect(setting.getByRole('button')).toHaveCount(0)
  await about(page, '/?policy')
  await expect(page.getByTestId('managed-updates')).toBeVisible()
  await expect(setting.getByRole('button')).toHaveCount(0)
})

test('that there is nothing newer, and that this cannot renew itself, is told', async ({ page }) => {
  let setting = await about(page, '/?updates=named')
  await expect(setting.getByTestId('update-told')).toHaveText('Not looked for yet.')
  await setting.getByTestId('update-look').click()
  await expect(setting.getByTestId('update-told')).toContainText('This was the newest version on')
  setting = await about(page, '/?updates=unpacked')
  await setting.getByTestId('update-look').click()
  await expect(setting.getByTestId('update-by-hand')).toContainText('Install version 0.2.0')
  await expect(setting.getByTestId('update-download')).toHaveCount(0)
})

const PROBLEMS = {
  unreachable: 'could not be reached',
  announcement: 'cannot be read',
  no_package: 'no package of it',
  older: 'older than this one',
  cut: 'What has come is kept',
  signature: 'not what your organisation signed',
  changed: 'was replaced on the server',
  too_large: 'larger than an update',
  no_space: 'no room on the disk',
  disk: 'cannot be kept on this disk',
  not_installed: 'did not install the package',
}

for (const [problem, words] of Object.entries(PROBLEMS)) {
  test(`what went wrong with an update is told with what to do: ${problem}`, async ({ page }) => {
    const setting = await about(page, `/?updates=${problem}`)
    await setting.getByTestId('update-look').click()
    const download = setting.getByTestId('update-download')
    const alert = setting.getByRole('alert')
    await expect(download.or(alert)).toBeVisible()
    if (await download.isVisible()) await download.click()
    const install = setting.getByTestId('update-install')
    await expect(install.or(alert)).toBeVisible()
    if (await install.isVisible()) await install.click()
    await expect(alert).toContainText(words)
    await expect(setting.getByTestId('update-look')).toBeEnabled()
  })
}
