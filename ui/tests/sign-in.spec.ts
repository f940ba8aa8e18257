import { expect } from '@playwright/test'
import { answer, ask, test } from './page'

const settings = async (page: import('@playwright/test').Page) => {
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-endpoints').click()
}

test('who is not signed in is asked to, where it is missed, and goes on from there', async ({ page }) => {
  await page.goto('/?empty&sign-in=now')
  const here = page.getByTestId('models-closed')
  await here.getByTestId('sign-in').click()
  await expect(here.getByRole('status')).toHaveText('Go on in your browser, at login.ministry.example…')
  await expect(here).toHaveCount(0)
  await ask(page, 'hello')
  await answer(page, 'complete').waitFor()
  await settings(page)
  const account = page.getByTestId('account')
  await expect(account).toContainText('Anne Martin')
  await expect(account).toContainText('anne.martin@ministry.example')
  await expect(account).toContainText('Groups: legal, staff')
  await expect(page.getByTestId('endpoint')).not.toContainText('No key')
  await account.getByTestId('sign-out').click()
  await expect(account).toContainText('Nobody is signed in.')
  await expect(account.getByTestId('sign-in')).toBeVisible()
})

test('a sign-in can be given up, and begun again', async ({ page }) => {
  await page.goto('/?empty&sign-in=slow')
  const here = page.getByTestId('models-closed')
  await here.getByTestId('sign-in').click()
  await here.getByTestId('cancel-sign-in').click()
  await expect(here.getByRole('alert')).toContainText('You are not signed in.')
  await here.getByTestId('sign-in').click()
  await expect(here.getByRole('status')).toBeVisible()
  await expect(here.getByRole('alert')).toHaveCount(0)
})

test('a sign-in that is refused says why', async ({ page }) => {
  await page.goto('/?empty&sign-in=refused')
  await settings(page)
  await page.getByTestId('account').getByTestId('sign-in').click()
  await expect(page.getByTestId('account').getByRole('alert')).toContainText('account disabled')
})

test('a card is opened with its PIN, which is told once', async ({ page }) => {
  await page.goto('/?empty&sign-in=card')
  const pin = page.getByTestId('models-closed').getByTestId('certificate-secret')
  await pin.fill('wrong')
  await pin.press('Enter')
  await expect(page.getByTestId('models-closed').getByRole('alert')).toContainText('one try is left')
  await expect(pin).toBeFocused()
  await expect(pin).toHaveValue('')
  await pin.fill('246810')
  await page.getByTestId('open-certificate').click()
  await expect(page.getByTestId('models-closed')).toHaveCount(0)
  await settings(page)
  await page.getByTestId('forget-secret').click()
  await expect(page.getByTestId('account').getByTestId('certificate-secret')).toBeVisible()
})
