import { type Page, expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

const row = (page: Page) => page.getByTestId('palette-row')
const active = (page: Page) => page.getByRole('option', { selected: true })

async function choose(page: Page, words: string, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(words)
  await expect(active(page)).toContainText(title)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('palette')).toHaveCount(0)
}

test('the palette does what is typed, and remembers it', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByTestId('conversation-item').first()).toBeVisible()
  await choose(page, 'theme dark', 'Theme: Dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('Control+k')
  await expect(row(page).first()).toContainText('Summary of the draft decree')
  await page.keyboard.press('Escape')
  await choose(page, 'car park', 'Search for “car park”')
  await expect(page.getByTestId('search')).toHaveValue('car park')
  await choose(page, 'fra', 'Language: Français')
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  await page.keyboard.press('Control+k')
  await expect(row(page).first()).toContainText('Rechercher dans les conversations')
})

test('the palette opens conversations by their titles, and settings at their place', async ({ page }) => {
  await page.goto('/')
  await choose(page, 'prefect', 'Letter to the prefecture')
  await expect(page).toHaveTitle('Letter to the prefecture – Bureau')
  await expect(page.getByTestId('composer')).toBeFocused()
  await choose(page, 'text size', 'Text size')
  await expect(page.getByTestId('text-size')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('the palette is left and chosen from by keys alone, and gives the focus back', async ({ page }) => {
  await page.goto('/')
  const item = page.getByTestId('conversation-item').nth(2)
  await item.focus()
  await page.keyboard.press('Control+k')
  await expect(page.getByTestId('palette-query')).toBeFocused()
  const first = await active(page).textContent()
  await page.keyboard.press('ArrowUp')
  await expect(active(page)).not.toHaveText(first ?? '')
  await expect(active(page)).toBeInViewport()
  await page.keyboard.press('ArrowDown')
  await expect(active(page)).toHaveText(first ?? '')
  await page.keyboard.press('Control+k')
  await expect(page.getByTestId('palette')).toHaveCount(0)
  await expect(item).toBeFocused()
})

test('what cannot be done is not offered', async ({ page }) => {
  await page.goto('/?empty')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('rename')
  await expect(active(page)).toContainText('Search for “rename”')
  await page.keyboard.press('Escape')
  await ask(page, 'a long one')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('stop')
  await expect(active(page)).toContainText('Esc')
  await page.keyboard.press('Enter')
  await expect(answer(page, 'stopped')).toBeVisible()
})

test('the conversation that is shown is pinned, renamed and deleted from the palette', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await choose(page, 'pin', 'Pin')
  await expect(page.getByRole('heading', { name: 'Pinned' })).toBeVisible()
  await choose(page, 'ren', 'Rename')
  await expect(page.getByTestId('rename-title')).toBeFocused()
  await page.keyboard.type('Door note')
  await page.keyboard.press('Enter')
  await expect(page).toHaveTitle('Door note – Bureau')
  await choose(page, 'delete', 'Delete')
  await expect(page.getByTestId('undo-notice')).toContainText('Door note')
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('another model is chosen from the palette', async ({ page }) => {
  await page.goto('/?empty')
  await choose(page, 'atlas small', 'Model: atlas-small')
  await expect(page.getByTestId('model-picker')).toContainText('atlas-small')
})

test('shortcuts do what the palette says they do', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/')
  await open(page, 'Offline note')
  await expect(answer(page, 'complete')).toBeVisible()
  await page.keyboard.press('Control+Shift+c')
  const clipboard = page.evaluate(() => navigator.clipboard.readText())
  expect(await clipboard).toBe('The office is closed this afternoon.\n\nWe are back tomorrow at nine.')
  await page.keyboard.press('Control+Shift+r')
  await expect(answer(page, 'complete')).toContainText('2/2')
  await page.keyboard.press('F2')
  await expect(page.getByTestId('rename-title')).toHaveValue('Offline note')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+Backspace')
  await expect(page.getByTestId('undo-notice')).toBeVisible()
  await page.keyboard.press('Control+Shift+n')
  await expect(page.getByTestId('temporary')).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByTestId('composer')).toBeFocused()
})

test('the sheet shows every shortcut, and a question mark in a field stays one', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('composer').press('?')
  await expect(page.getByTestId('composer')).toHaveValue('?')
  await page.getByTestId('open-settings').focus()
  await page.keyboard.press('?')
  const sheet = page.getByTestId('shortcuts')
  await expect(sheet).toContainText('Command palette')
  await expect(sheet.locator('div', { hasText: /^New conversation/u }).locator('kbd kbd')).toHaveText(['Ctrl', 'N'])
  // Stop cannot be done now, and is there all the same.
  await expect(sheet).toContainText('Stop')
  await page.keyboard.press('Control+/')
  await expect(sheet).toHaveCount(0)
  await expect(page.getByTestId('open-settings')).toBeFocused()
})

test('conversations and answers are saved as Markdown', async ({ page }) => {
  await page.goto('/')
  const saved = () => page.evaluate(() => JSON.parse(document.documentElement.dataset.saved ?? '{}'))
  await page.getByRole('button', { name: 'Actions for “Offline note”' }).click()
  await page.getByTestId('save-conversation').click()
  await expect.poll(saved).toEqual({
    name: 'Offline note.md',
    text: expect.stringMatching(/^# Offline note\n\n## You\n\nWrite a [\s\S]*\n\n## Built-in model\n\nThe office is closed/u),
  })
  await open(page, 'Letter to the prefecture')
  await answer(page, 'interrupted').getByTestId('copy-as').click()
  await page.getByTestId('save-message').click()
  await expect.poll(saved).toEqual({ name: 'Letter to the prefecture.md', text: 'Dear Prefect,\n\nWe write to you about' })
})
