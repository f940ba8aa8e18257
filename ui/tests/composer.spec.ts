import { type Locator, type Page, expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

const shell = (page: Page, event: unknown) =>
  page.evaluate((detail) => window.dispatchEvent(new CustomEvent('bureau-shell', { detail })), event)

/** Pastes or drops a file on a place that is there, as the browser would hand it over. */
const hand = (place: Locator, type: 'paste' | 'drop', name: string) =>
  place.evaluate(
    (place, [type, name]) => {
      const data = new DataTransfer()
      data.items.add(new File(['some bytes'], name))
      const init = { bubbles: true, cancelable: true }
      place.dispatchEvent(
        type === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent(type, { ...init, dataTransfer: data }),
      )
    },
    [type, name] as const,
  )

test('files are chosen, pasted and dropped, and sent with the question', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('attach').click()
  await expect(page.getByTestId('staged')).toContainText('minutes.txt')
  await expect(page.getByTestId('staged')).toContainText('2 kB')
  await hand(page.getByTestId('composer'), 'paste', 'screen.png')
  await hand(page.locator('main'), 'drop', 'plan.pdf')
  await expect(page.getByTestId('staged')).toHaveCount(3)
  await page.getByRole('button', { name: 'Remove minutes.txt' }).click()
  await expect(page.getByTestId('staged')).toHaveCount(2)
  await ask(page, 'what is this?')
  await expect(page.getByTestId('staged')).toHaveCount(0)
  await expect(page.locator('[data-role=user] .attachments li')).toHaveCount(2)
})

test('a file that is refused says why', async ({ page }) => {
  await page.goto('/?empty')
  await hand(page.getByTestId('composer'), 'paste', 'setup.exe')
  await expect(page.getByRole('alert')).toContainText('setup.exe: files of this kind')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await hand(page.getByTestId('composer'), 'paste', 'gone.txt')
  await expect(page.getByRole('alert')).toContainText('This file is not there, or may not be read.')
  // Whoever chooses another one has read that.
  await page.getByTestId('attach').click()
  await expect(page.getByTestId('staged')).toContainText('minutes.txt')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('files that hang over the window are shown where to go', async ({ page }) => {
  await page.goto('/?empty')
  await expect(page.locator('html')).toHaveAttribute('data-subscribed')
  await shell(page, { type: 'dragging', over: true })
  await expect(page.getByTestId('drop-overlay')).toContainText('Drop the files here')
  const file = { id: 'f9', name: 'dropped.pdf', media_type: 'text/vnd.bureau.document', size: 10, document: null, locked: false }
  await shell(page, { type: 'dropped', names: ['dropped.pdf', 'b.exe'] })
  await expect(page.getByTestId('drop-overlay')).toHaveCount(0)
  await expect(page.getByTestId('reading-file')).toHaveText([/dropped\.pdf/u, /b\.exe/u])
  await shell(page, { type: 'staged', name: 'dropped.pdf', file, failure: null })
  await expect(page.getByTestId('staged')).toContainText('dropped.pdf')
  await shell(page, { type: 'staged', name: 'b.exe', file: null, failure: { code: 'invalid', message: 'b.exe is refused', retry_after: null } })
  await expect(page.getByTestId('reading-file')).toHaveCount(0)
  await expect(page.getByRole('alert')).toContainText('b.exe is refused')
})

test('a selection is quoted into the composer', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await page.getByTestId('composer').fill('Shorter:')
  await answer(page, 'complete').getByText('The office is closed').click({ clickCount: 3 })
  await page.getByTestId('quote').click()
  await expect(page.getByTestId('composer')).toHaveValue('Shorter:\n\n> The office is closed this afternoon.\n\n')
  await expect(page.getByTestId('composer')).toBeFocused()
  await answer(page, 'complete').getByText('We are back').click({ clickCount: 3 })
  await page.keyboard.press('Control+Shift+.')
  await expect(page.getByTestId('composer')).toHaveValue(/> We are back tomorrow at nine\.\n\n$/u)
})

test('the meter says how full the context is and what is left out', async ({ page }) => {
  await page.goto('/?messages=400&endpoint=none')
  await open(page, 'Offline note')
  const meter = page.getByTestId('context-use')
  await expect(meter).toHaveText('9%')
  await open(page, 'A very long conversation')
  await expect(meter).toHaveText('100%')
  await meter.click()
  await expect(page.getByText('of 4,096 tokens')).toContainText('Oldest messages left out: 378.')
})

test('the meter says how much goes to an endpoint, which does not tell how much it reads', async ({ page }) => {
  await page.goto('/?messages=400')
  const meter = page.getByTestId('context-use')
  await expect(meter).toHaveCount(0)
  await open(page, 'A very long conversation')
  await expect(meter).toHaveText('about 72,004 tokens')
  await meter.click()
  await expect(page.getByText('the messages before it (400)')).toBeVisible()
})

test('the meter counts the files that wait, and those of the folder', async ({ page }) => {
  await page.goto('/?filed')
  const meter = page.getByTestId('context-use')
  await page.getByTestId('attach').click()
  await expect(meter).toHaveText('about 516 tokens')
  await page.getByRole('button', { name: 'Remove minutes.txt' }).click()
  await expect(meter).toHaveCount(0)
  await page.getByTestId('view').click()
  await page.getByTestId('view-folder').filter({ hasText: 'Works council' }).click()
  await page.getByTestId('view-actions').click()
  await page.getByTestId('folder-open').click()
  await page.getByTestId('add-folder-files').click()
  await page.getByTestId('save-folder').click()
  await page.getByTestId('new-conversation').click()
  await expect(meter).toHaveText('about 516 tokens')
  await page.getByTestId('attach').click()
  await expect(meter).toHaveText('about 1,028 tokens')
})

test('what cannot be sent waits, says why, and goes with one click', async ({ page }) => {
  await page.goto('/?empty&offline')
  await ask(page, 'hello')
  const unsent = page.getByTestId('unsent')
  await expect(unsent).toContainText('Not sent. Nothing answers at the endpoint’s address: its server is down, or the network is.')
  await expect(page.getByTestId('composer')).toHaveValue('hello')
  await page.getByTestId('send').click()
  await expect(answer(page, 'complete')).toContainText('hello')
  await expect(unsent).toHaveCount(0)
  await expect(page.getByTestId('composer')).toHaveValue('')
})

test('where nothing answers the model on this machine can be asked', async ({ page }) => {
  await page.goto('/?empty&offline')
  await ask(page, 'hello')
  await page.getByTestId('ask-built-in').click()
  await expect(answer(page, 'complete')).toContainText('hello')
  await expect(page.getByTestId('answerer')).toHaveText('Built-in model')
})

test('a question that was asked and reached nobody looks as one that waits, and can go to the model on this machine', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'nowhere')
  const unsent = answer(page, 'failed').getByTestId('unsent')
  await expect(unsent).toContainText('Not sent. Nothing answers at the endpoint’s address: its server is down, or the network is.')
  await unsent.getByText('Details').click()
  await expect(unsent).toContainText('Connection refused')
  // It is stored, and is not read out again whenever it comes into view.
  await expect(unsent).not.toHaveAttribute('role')
  await expect(page.getByTestId('failure')).toHaveCount(0)
  await unsent.getByTestId('ask-built-in').click()
  await expect(answer(page, 'complete')).toContainText('nowhere')
  await expect(page.getByTestId('answerer')).toHaveText('Built-in model')
})

test('where nothing answers there is one warning and one way on', async ({ page }) => {
  await page.goto('/?empty&offline&models=failed')
  await expect(page.getByTestId('reload-models')).toBeVisible()
  await ask(page, 'hello')
  await expect(page.getByTestId('unsent')).toBeVisible()
  await expect(page.locator('form').getByText('Nothing answers')).toHaveCount(1)
  await expect(page.locator('form').getByRole('button', { name: /send|again/iu })).toHaveCount(1)
  await expect(page.getByTestId('ask-built-in')).toBeVisible()
  // A message that was taken back waits no more.
  await page.getByTestId('composer').fill('')
  await expect(page.getByTestId('unsent')).toHaveCount(0)
})

test('a question is written at once after a press that makes it temporary', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('temporary').click()
  await page.keyboard.type('Kept nowhere')
  await expect(page.getByTestId('composer')).toHaveValue('Kept nowhere')
  await expect(page.getByTestId('temporary')).toHaveAttribute('aria-pressed', 'true')
  // By keys one stays where one is.
  await page.getByTestId('temporary').press('Space')
  await expect(page.getByTestId('temporary')).toBeFocused()
})
