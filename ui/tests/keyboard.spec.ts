import { expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

test('the focus comes home when what has it goes away', async ({ page }) => {
  await page.goto('/?empty')
  const composer = page.getByTestId('composer')
  await ask(page, 'a long one')
  await expect(composer).toBeFocused()
  await page.getByTestId('stop').press('Enter')
  await expect(answer(page, 'stopped')).toBeVisible()
  await expect(composer).toBeFocused()
  await page.getByTestId('edit').press('Enter')
  await page.keyboard.press('Escape')
  await expect(composer).toBeFocused()
  await page.getByTestId('try-again').press('Enter')
  await expect(composer).toBeFocused()
})

test('the focus stays at the versions while they are leafed through', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'hello')
  await answer(page, 'complete').getByTestId('try-again').click()
  await expect(answer(page, 'complete')).toContainText('2/2')
  await answer(page, 'complete').getByTestId('previous-branch').press('Enter')
  await expect(answer(page, 'complete')).toContainText('1/2')
  await expect(page.getByTestId('next-branch')).toBeFocused()
})

test('the focus goes to the next conversation when one is deleted, and back to one that was renamed', async ({ page }) => {
  await page.goto('/')
  const item = (title: string) => page.getByTestId('conversation-item').filter({ hasText: title })
  await page.getByRole('button', { name: 'Actions for “Letter to the prefecture”' }).press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Actions for “Letter to the prefecture”' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByTestId('delete').press('Enter')
  await expect(item('Letter to the prefecture')).toHaveCount(0)
  await expect(item('Offline note')).toBeFocused()
  await page.keyboard.press('F2')
  await page.getByTestId('rename-title').press('Escape')
  await expect(item('Offline note')).toBeFocused()
})

test('one menu serves every row, by its button and by the right button of the mouse', async ({ page }) => {
  await page.goto('/')
  const first = page.getByTestId('conversation-item').first()
  await first.click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await page.mouse.click(900, 200)
  await expect(page.getByRole('menu')).toHaveCount(0)
  await page.getByTestId('conversation-actions').last().click()
  await expect(page.getByRole('menu')).toHaveAccessibleName('Actions for “Regular expression for invoice numbers”')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
})

test('shortcuts do nothing under a dialog', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await page.keyboard.press('Control+,')
  await expect(page.getByTestId('settings')).toBeVisible()
  await page.keyboard.press('Control+n')
  await page.keyboard.press('Control+Shift+f')
  await expect(page.getByTestId('search')).not.toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByText('The office is closed')).toBeVisible()
})

test('to select everything is to select what lies on top', async ({ page }) => {
  await page.goto('/')
  await open(page, 'draft decree')
  await page.getByTestId('exchange').last().click()
  await page.getByTestId('exchange-dialog').locator('pre').first().focus()
  await page.keyboard.press('ControlOrMeta+a')
  const selected = await page.evaluate(() => getSelection()?.toString() ?? '')
  expect(selected).toContain('atlas-large')
  expect(selected).not.toContain('Opinion of the council\n')
  await page.keyboard.press('Escape')
  await page.getByTestId('transcript').click()
  await page.keyboard.press('ControlOrMeta+a')
  expect(await page.evaluate(() => getSelection()?.toString())).toContain('Opinion of the council\n')
})

test('keys of an input method are its own', async ({ page }) => {
  await page.goto('/')
  const item = page.getByTestId('conversation-item').filter({ hasText: 'Offline note' })
  await item.press('F2')
  const field = page.getByTestId('rename-title')
  await field.fill('にほん')
  await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
  await field.dispatchEvent('keydown', { key: 'Escape', isComposing: true })
  await expect(field).toHaveValue('にほん')
  await field.press('Escape')
  await open(page, 'Offline note')
  await page.locator('[data-role=user]').getByTestId('edit').click()
  await page.getByTestId('edit-text').dispatchEvent('keydown', { key: 'Escape', keyCode: 229, bubbles: true })
  await expect(page.getByTestId('edit-text')).toBeVisible()
})

test('an edited question waits while another conversation is shown', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await page.locator('[data-role=user]').getByTestId('edit').click()
  await page.getByTestId('edit-text').fill('half an edit')
  await open(page, 'Minutes of the works council')
  await open(page, 'Offline note')
  await expect(page.getByTestId('edit-text')).toHaveValue('half an edit')
})

test('an example keeps the draft', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('my own words')
  await page.getByTestId('example').nth(2).click()
  await expect(page.getByTestId('composer')).toHaveValue(/^Summarise[\s\S]*\n\nmy own words$/u)
})

test('the right button opens no link, and the web view’s menu none either', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Summary of the draft decree')
  const link = page.getByTestId('blocks').locator('a[href^=http]')
  const prevented = link.evaluate(
    (a) => new Promise((resolve) => window.addEventListener('contextmenu', (e) => resolve(e.defaultPrevented && a.contains(e.target as Node)))),
  )
  await link.click({ button: 'right' })
  expect(await prevented).toBe(true)
  await expect(page.getByTestId('link-dialog')).toHaveCount(0)
  await expect(page.locator('meta[http-equiv=x-dns-prefetch-control]')).toHaveAttribute('content', 'off')
})

test('a link that is looked at for long says so', async ({ page }) => {
  await page.goto('/?slow')
  await open(page, 'Summary of the draft decree')
  await page.getByTestId('blocks').locator('a[href^=http]').click()
  await expect(page.getByText('Checking the link')).toBeVisible()
  await expect(page.getByTestId('link-dialog')).toBeVisible()
  await expect(page.getByText('Checking the link')).toHaveCount(0)
})

test('the window is titled by its conversation', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveTitle('Bureau')
  await open(page, 'Offline note')
  await expect(page).toHaveTitle('Offline note – Bureau')
  await expect(page.getByTestId('title')).toHaveText('Offline note')
})

test('no window is titled by a temporary conversation', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('temporary').click()
  await ask(page, 'a secret')
  await expect(page.getByTestId('title')).toHaveText('a secret')
  await expect(page).toHaveTitle('Bureau')
})

test('a search that finds more than is shown says so', async ({ page }) => {
  await page.goto('/?messages=400')
  await page.getByTestId('search').fill('Reply')
  await expect(page.getByText('The first 50 results')).toBeVisible()
  await page.getByTestId('search').fill('Reply 400')
  await expect(page.getByText('Results: 1')).toBeVisible()
})
