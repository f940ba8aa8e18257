import { type Page, expect } from '@playwright/test'
import { open, test } from './page'

async function start(page: Page) {
  await page.goto('/')
  await expect(page.locator('html')).toHaveAttribute('data-subscribed')
  await expect(page.getByTestId('conversation-item').first()).toBeVisible()
}

const shell = (page: Page, event: unknown) =>
  page.evaluate((detail) => window.dispatchEvent(new CustomEvent('bureau-shell', { detail })), event)

const changed = { title: 'Begun elsewhere', leaf: null, model: null, pinned: false, instructions: '', temporary: false, folder: null, tags: [], archived: false, held: false, created: 1 }

test('what other windows begin, change and delete is seen here', async ({ page }) => {
  await start(page)
  await shell(page, { type: 'conversation', conversation: { ...changed, id: 'cx', updated: Date.now() + 1000 } })
  await expect(page.getByTestId('conversation-item').first()).toHaveText('Begun elsewhere')
  await shell(page, { type: 'conversation', conversation: { ...changed, id: 'cx', title: 'Renamed', updated: Date.now() + 2000 } })
  await expect(page.getByTestId('conversation-item').first()).toHaveText('Renamed')
  await shell(page, { type: 'removed', conversation: 'cx' })
  await expect(page.getByText('Renamed')).toHaveCount(0)
})

test('a conversation removed elsewhere is no longer shown', async ({ page }) => {
  await start(page)
  await open(page, 'Summary of the draft decree')
  await expect(page.getByTestId('message').first()).toBeVisible()
  await shell(page, { type: 'removed', conversation: 'c000000000001' })
  await expect(page.getByRole('heading', { name: 'What are we working on?' })).toBeVisible()
})

test('a window forgets what another one has deleted for good', async ({ page }) => {
  await start(page)
  await open(page, 'Summary of the draft decree')
  await expect(page.getByTestId('message').first()).toBeVisible()
  await shell(page, { type: 'replaced' })
  await expect(page.getByTestId('message')).toHaveCount(0)
})

test('a link or the tray shows a conversation, or begins one', async ({ page }) => {
  await start(page)
  await shell(page, { type: 'open', conversation: 'c000000000001', model: null })
  await expect(page.getByText('shortens the deadline')).toBeVisible()
  await shell(page, { type: 'open', conversation: null, model: null })
  await expect(page.getByTestId('message')).toHaveCount(0)
})

test('drafts, settings and endpoints of other windows arrive', async ({ page }) => {
  await start(page)
  await shell(page, { type: 'drafted', draft: { conversation: null, text: 'typed elsewhere' } })
  await expect(page.getByTestId('composer')).toHaveValue('typed elsewhere')
  const settings = { language: 'fr', theme: 'dark', density: 'compact', text_size: 100, speech_rate: 100, enter_sends: true, model: null, notify: true, quick_keys: '', background: false, temporary: false, model_titles: true, keep_originals: false, lock_minutes: 0, lock_with_system: true }
  await shell(page, { type: 'settings', settings })
  await expect(page.getByTestId('new-conversation')).toHaveText('Nouvelle conversation')
})

test('a conversation opens in a window of its own', async ({ page }) => {
  await start(page)
  await page.getByRole('button', { name: 'Actions for “Summary of the draft decree”' }).click()
  await page.getByTestId('open-window').click()
  await expect(page.locator('html')).toHaveAttribute('data-window', 'c000000000001')
})

test('the menu of a list and the palette open a new window, and the one for a quick question', async ({ page }) => {
  await start(page)
  const html = page.locator('html')
  for (const [id, opened] of [['new-window', 'new'], ['quick', 'quick']] as const) {
    await page.getByTestId('view-actions').click()
    await page.getByTestId(id).click()
    await expect(html).toHaveAttribute('data-window', opened)
  }
  await html.evaluate((e) => e.removeAttribute('data-window'))
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByTestId('palette-query').fill('quick question')
  await page.keyboard.press('Enter')
  await expect(html).toHaveAttribute('data-window', 'quick')
})

test('a window closes by its key, but not under a dialog', async ({ page }) => {
  await start(page)
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByTestId('settings')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+w')
  await expect(page.locator('html')).not.toHaveAttribute('data-window')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('settings')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+w')
  await expect(page.locator('html')).toHaveAttribute('data-window', 'closed')
})

test('a link to a conversation that is not there says so, for a moment', async ({ page }) => {
  await start(page)
  await shell(page, { type: 'open', conversation: 'c999999999999', model: null })
  await expect(page.getByTestId('brief')).toHaveText('The conversation this link leads to is not here.')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(page.getByTestId('brief')).toHaveCount(0)
})
