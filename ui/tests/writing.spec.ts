import { type Page, expect } from '@playwright/test'
import { ask, answer, test } from './page'

async function correct(page: Page, text: string) {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill(text)
  await page.getByTestId('writing-menu').click()
  await page.getByTestId('menu-correct').click()
}

test('a text is corrected change by change, and takes the place of what was written', async ({ page }) => {
  await correct(page, 'I recieve teh letter tommorow.')
  const changes = page.getByTestId('change')
  await expect(changes).toHaveCount(2)
  await expect(changes.first()).toHaveAccessibleName('Replace “recieve” with “receive”')
  await changes.nth(1).press('Space')
  await expect(changes.nth(1)).toHaveAttribute('aria-checked', 'false')
  await expect(page.getByText('Changes: 2, rejected: 1')).toBeVisible()
  await page.getByTestId('use-writing').click()
  await expect(page.getByTestId('composer')).toHaveValue('I receive teh letter tommorow.')
})

test('what is copied is the clean text, with all or no change', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await correct(page, 'teh pome')
  const copied = async () => {
    await page.getByTestId('copy-writing').click()
    return page.evaluate(() => navigator.clipboard.readText())
  }
  expect(await copied()).toBe('the pomme')
  await page.getByTestId('reject-all').click()
  expect(await copied()).toBe('teh pome')
  await page.getByTestId('accept-all').click()
  expect(await copied()).toBe('the pomme')
})

test('a press beside the dialog takes away nothing that was written', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('writing-menu').click()
  await page.getByTestId('menu-from_notes').click()
  await page.getByTestId('writing-source').fill('notes of an hour')
  await page.mouse.click(5, 5)
  await expect(page.getByTestId('writing-source')).toHaveValue('notes of an hour')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('writing')).toHaveCount(0)
})

test('only what is selected is worked on', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('teh one, teh two')
  await page.getByTestId('composer').evaluate((e: HTMLTextAreaElement) => e.setSelectionRange(9, 12))
  await page.getByTestId('writing-menu').click()
  await page.getByTestId('menu-correct').click()
  await expect(page.getByTestId('writing-source')).toHaveValue('teh')
  await page.getByTestId('use-writing').click()
  await expect(page.getByTestId('composer')).toHaveValue('teh one, the two')
})

test('work that takes long is stopped, and a failure is told', async ({ page }) => {
  await correct(page, 'a slow text')
  await page.getByTestId('stop-writing').click()
  await expect(page.getByText('It ends early.')).toBeVisible()
  await page.getByTestId('writing-source').fill('fail')
  await page.getByTestId('write').click()
  await expect(page.getByRole('alert')).toBeVisible()
})

test('what a text holds is asked about before it leaves', async ({ page }) => {
  await correct(page, 'Pay teh bill to FR14 2004 1010 0505 0001 3M02 606')
  const dialog = page.getByTestId('held-dialog')
  await expect(dialog.getByTestId('found-list')).toContainText('FR14 2004')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(page.getByTestId('writing-source')).toHaveValue(/^Pay teh/u)
  await page.getByTestId('write').click()
  await page.getByTestId('send-confirmed').click()
  await expect(page.getByTestId('change')).toHaveCount(1)
  await expect(dialog).toHaveCount(0)
})

test('an answer and a part of it are worked on by themselves', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'hello')
  await answer(page, 'complete').getByTestId('work-on-message').click()
  await expect(page.getByTestId('writing-source')).not.toHaveValue('')
  await page.getByTestId('writing-summarise').click()
  await page.getByTestId('write').click()
  await expect(page.getByTestId('writing-result')).toContainText('In short')
  await expect(page.getByTestId('use-writing')).toHaveCount(0)
})

test('a slash finds a prompt, and Tab goes through what is to be filled in', async ({ page }) => {
  await page.goto('/?empty')
  const composer = page.getByTestId('composer')
  await composer.pressSequentially('/')
  await expect(page.getByTestId('prompt')).toHaveCount(3)
  await composer.pressSequentially('answ')
  await expect(page.getByTestId('prompt')).toHaveCount(1)
  await expect(composer).toHaveAttribute('aria-activedescendant', /-0$/u)
  await composer.press('Enter')
  await expect(page.getByTestId('prompt-picker')).toHaveCount(0)
  await page.keyboard.type('the mayor')
  await page.keyboard.press('Tab')
  await page.keyboard.type('yes')
  await expect(composer).toHaveValue('Write a courteous answer to the mayor. My answer in short: yes.')
  await page.keyboard.press('Tab')
  await expect(composer).not.toBeFocused()
})

test('prompts can be put away, and a path is no prompt', async ({ page }) => {
  await page.goto('/?empty')
  const composer = page.getByTestId('composer')
  await composer.pressSequentially('/')
  await expect(page.getByTestId('prompt-picker')).toBeVisible()
  await composer.press('Escape')
  await expect(page.getByTestId('prompt-picker')).toHaveCount(0)
  await expect(composer).toHaveValue('/')
  await composer.fill('/usr/bin')
  await expect(page.getByTestId('prompt-picker')).toHaveCount(0)
})

test('the library is edited in the settings', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('/')
  await page.getByRole('button', { name: 'Edit prompts' }).click()
  await page.getByTestId('new-prompt').click()
  await page.getByTestId('prompt-name').fill('Thank')
  await page.getByTestId('prompt-folder').fill('Mail')
  await page.getByTestId('prompt-text').fill('Thank {{who}}')
  await page.getByTestId('save-prompt').click()
  await expect(page.getByTestId('kept-prompt')).toHaveCount(4)
  await page.getByRole('button', { name: 'Delete “Explain code”' }).click()
  await expect(page.getByTestId('kept-prompt')).toHaveCount(3)
  await page.getByTestId('import-prompts').click()
  await expect(page.getByText('Imported')).toBeVisible()
})
