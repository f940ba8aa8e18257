import { type Page, expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

const said = (page: Page) => page.locator('html').getAttribute('data-said')
/** What is marked as being said. */
const marked = (page: Page) =>
  page.evaluate(() =>
    [...(CSS.highlights.get('spoken') ?? [])].map((range) => {
      const text = new Range()
      text.setStart(range.startContainer, range.startOffset)
      text.setEnd(range.endContainer, range.endOffset)
      return text.toString()
    }),
  )
const last = (page: Page) => answer(page, 'complete').last()
/** What the fixtures show as it was written: a question is read as an answer is. */
const question = (page: Page) => page.locator('[data-testid=message][data-role=user]').last()
const SLOW = '**Il se réunit** lundi. Le conseil vote slowly. Puis il part.'

test('a message is read aloud sentence by sentence, marked as it is said, and stopped by the same button', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, SLOW)
  const button = question(page).getByTestId('read-aloud')
  await expect(button).toHaveAccessibleName('Read aloud')
  await expect(button).toHaveAttribute('aria-pressed', 'false')
  await expect(page.getByTestId('aloud')).toHaveCount(0)
  await button.click()
  await expect(button).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => said(page)).toBe('Le conseil vote slowly.')
  await expect.poll(() => marked(page)).toEqual(['Le conseil vote slowly.'])
  await button.click()
  await expect(button).toHaveAttribute('aria-pressed', 'false')
  await expect(page.getByTestId('aloud')).toHaveCount(0)
  expect(await marked(page)).toEqual([])
  expect(await said(page)).toBe('Le conseil vote slowly.')
})

test('keys begin and stop it, it goes on in another conversation, and another text takes its place', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await page.getByTestId('composer').focus()
  await page.keyboard.press('Control+Shift+S')
  await expect.poll(() => said(page)).toBe('We are back tomorrow at nine.')
  await expect(page.getByTestId('aloud')).toHaveCount(0)

  await page.getByTestId('new-conversation').click()
  await ask(page, SLOW)
  await question(page).getByTestId('read-aloud').click()
  await expect.poll(() => said(page)).toBe('Le conseil vote slowly.')
  await open(page, 'Offline note')
  await expect(page.getByTestId('aloud')).toContainText('Reading aloud')
  await answer(page, 'complete').getByText('The office is closed').click({ clickCount: 3 })
  await page.getByTestId('read-selection').click()
  await expect.poll(() => said(page)).toBe('The office is closed this afternoon.')
  await expect(page.getByTestId('aloud')).toHaveCount(0)

  await page.getByTestId('conversation-item').first().click()
  await question(page).getByTestId('read-aloud').click()
  await expect.poll(() => said(page)).toBe('Le conseil vote slowly.')
  await page.keyboard.press('Control+Shift+S')
  await expect(page.getByTestId('aloud')).toHaveCount(0)
  await question(page).getByTestId('read-aloud').click()
  await page.getByTestId('stop-aloud').click()
  await expect(page.getByTestId('aloud')).toHaveCount(0)
})

test('of code it is said in the language of the window how long it is', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'Voici :\n\n```rust\nfn a() {}\nfn b() {}\n```')
  await question(page).getByTestId('read-aloud').click()
  await expect.poll(() => said(page)).toBe('en: Code, 2 lines.')
})

test('without a voice it is not offered, and the settings say what to install', async ({ page }) => {
  await page.goto('/?voices=none')
  await open(page, 'Offline note')
  await expect(last(page).getByTestId('copy').or(last(page).getByTestId('translate-message')).first()).toBeVisible()
  await expect(page.getByTestId('read-aloud')).toHaveCount(0)
  await page.keyboard.press('Control+Shift+S')
  await expect(page.getByTestId('brief')).toContainText('No voice of this system answers.')
  await expect(page.getByTestId('aloud')).toHaveCount(0)
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-appearance').click()
  await expect(page.getByTestId('no-voice')).toContainText('install speech-dispatcher')
  await expect(page.getByTestId('speech-rate')).toHaveCount(0)
})

test('a voice that does not answer is told, and how fast one reads is set', async ({ page }) => {
  await page.goto('/?voices=silent')
  await open(page, 'Offline note')
  await last(page).getByTestId('read-aloud').click()
  await expect(page.getByText('No voice of this system answers.')).toBeVisible()
  await expect(last(page).getByTestId('read-aloud')).toHaveAttribute('aria-pressed', 'false')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-appearance').click()
  const rate = page.getByTestId('speech-rate')
  await rate.focus()
  await page.keyboard.press('ArrowRight')
  await expect(rate).toHaveAttribute('aria-valuetext', '110%')
})

test('an organisation can forbid it', async ({ page }) => {
  await page.goto('/?policy=strict')
  await open(page, 'Offline note')
  await expect(last(page)).toBeVisible()
  await expect(page.getByTestId('read-aloud')).toHaveCount(0)
})

test('Enter that ends a composed word sends nothing, and what a system dictates is typed', async ({ page }) => {
  await page.goto('/?empty')
  const composer = page.getByTestId('composer')
  await composer.focus()
  const input = await page.context().newCDPSession(page)
  await input.send('Input.imeSetComposition', { text: 'にほんご', selectionStart: 4, selectionEnd: 4 })
  await expect(composer).toHaveValue('にほんご')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('message')).toHaveCount(0)
  await input.send('Input.insertText', { text: '日本語' })
  await expect(composer).toHaveValue(/日本語/u)
  // Dictation puts whole sentences in at once.
  await composer.fill('')
  await page.keyboard.insertText('Please shorten the letter. ')
  await page.keyboard.insertText('It is too long.')
  await expect(composer).toHaveValue('Please shorten the letter. It is too long.')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-role=user]')).toContainText('It is too long.')
})

for (const [system, agent, words] of [
  ['Windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36', 'voice access'],
  ['macOS', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 'Keyboard › Dictation'],
  ['Linux', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15', null],
] as const) {
  test.describe(system, () => {
    test.use({ userAgent: agent })
    test('the sheet of keys says how its system dictates, if it does', async ({ page }) => {
      await page.goto('/')
      await page.getByTestId('composer').press(system === 'macOS' ? 'Meta+/' : 'Control+/')
      await expect(page.getByTestId('shortcuts')).toBeVisible()
      const dictation = page.getByTestId('dictation')
      if (words === null) await expect(dictation).toHaveCount(0)
      else await expect(dictation).toContainText(words)
    })
  })
}
