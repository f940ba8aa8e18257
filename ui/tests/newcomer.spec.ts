import { type Locator, type Page, expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

/** The controls that this lies over, by their names. */
const covered = (page: Page, notice: Locator) =>
  notice.evaluate((e) => {
    const box = e.getBoundingClientRect()
    const over = (o: DOMRect) => o.left < box.right && o.right > box.left && o.top < box.bottom && o.bottom > box.top
    const controls = [...document.querySelectorAll<HTMLElement>('button, input, textarea, select, a[href]')]
    return controls.filter((c) => c.checkVisibility() && over(c.getBoundingClientRect())).map((c) => c.outerHTML.slice(0, 80))
  })

test('once everything is archived, the list says so and leads there', async ({ page }) => {
  await page.goto('/?filed')
  const items = page.getByTestId('conversation-item')
  await items.first().click({ modifiers: ['Control'] })
  await page.keyboard.press('Control+a')
  await page.getByTestId('selected-archive').click()
  await expect(page.getByTestId('empty-list')).toContainText('All your conversations are in the archive.')
  await expect(page.getByTestId('open-import')).toHaveCount(0)
  await page.getByTestId('show-archive').click()
  await expect(page.getByTestId('view')).toHaveText('Archive')
  await expect(items.first()).toBeVisible()
})

test('what has opened a menu has no tooltip over its entries', async ({ page }) => {
  await page.goto('/')
  for (const opener of ['view', 'open-search-filters', 'writing-menu']) {
    const button = page.getByTestId(opener)
    const title = await button.getAttribute('title')
    expect(title).toBeTruthy()
    await button.click()
    await expect(page.getByRole('menu')).toBeVisible()
    await expect(button).not.toHaveAttribute('title')
    await page.keyboard.press('Escape')
    await expect(button).toHaveAttribute('title', title ?? '')
  }
})

test('what was done is told where it covers no control', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Letter to the prefecture')
  await page.keyboard.press('ControlOrMeta+Shift+c')
  const told = page.getByTestId('brief')
  await expect(told).toBeVisible()
  expect(await covered(page, told)).toEqual([])
})

test('keys end the program, and ask first where something temporary ends with it', async ({ page }) => {
  await page.goto('/')
  const html = page.locator('html')
  await page.getByTestId('temporary').click()
  await ask(page, 'Between us')
  await answer(page, 'complete').waitFor()
  await page.keyboard.press('ControlOrMeta+q')
  const dialog = page.getByTestId('confirm-dialog')
  await expect(dialog).toContainText('Quit Bureau now?')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(html).not.toHaveAttribute('data-ended')
  await page.keyboard.press('ControlOrMeta+q')
  await page.getByTestId('confirm').click()
  await expect(html).toHaveAttribute('data-ended')
})

for (const address of ['/', '/?state=locked', '/?state=new', '/#quick']) {
  test(`keys end the program at ${address}`, async ({ page }) => {
    await page.goto(address)
    await page.getByRole('button').first().waitFor()
    await page.keyboard.press('ControlOrMeta+q')
    await expect(page.locator('html')).toHaveAttribute('data-ended')
  })
}

test('a prompt that another window changed is not written over unseen', async ({ page }) => {
  await page.goto('/?overtaken')
  await page.getByTestId('open-settings').click()
  await page.getByTestId('section-prompts').click()
  await page.getByRole('button', { name: 'Edit “Answer a mail”' }).click()
  await page.getByTestId('prompt-text').fill('Mine')
  await page.getByTestId('save-prompt').click()
  await expect(page.getByTestId('prompt-overtaken')).toContainText('changed in another window')
  await page.getByTestId('save-prompt').click()
  await expect(page.getByTestId('prompt-text')).toHaveCount(0)
})

test('a text that was written is not lost by one key', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('I recieve teh letter tommorow.')
  await page.getByTestId('writing-menu').click()
  await page.getByTestId('menu-correct').click()
  await page.getByTestId('use-writing').waitFor()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('writing-unused')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('writing')).toHaveCount(0)
})

test('a quick question has a choice of model', async ({ page }) => {
  await page.setViewportSize({ width: 680, height: 200 })
  await page.goto('/#quick')
  const choice = page.getByTestId('model-choice')
  await expect(choice).toBeVisible()
  const models = await choice.locator('option').allTextContents()
  expect(models.length).toBeGreaterThan(1)
  await choice.selectOption({ index: models.length - 1 })
  await ask(page, 'hello')
  await answer(page, 'complete').waitFor()
  await expect(page.getByTestId('model-picker')).toContainText(models.at(-1) ?? '')
})

test('the prompts that a slash brings up are told', async ({ page }) => {
  await page.goto('/?empty')
  const composer = page.getByTestId('composer')
  await composer.fill('/')
  await expect(page.getByTestId('prompt-picker').getByRole('status')).toHaveText(/^\d+ prompts; arrows to choose/u)
  await expect(composer).toHaveAttribute('aria-haspopup', 'listbox')
  const active = async () => page.locator(`#${CSS_ESCAPE(await composer.getAttribute('aria-activedescendant'))}`)
  await expect(await active()).toHaveAttribute('aria-selected', 'true')
})

/** Ids of the page hold no sign that a selector must escape but their own digits and letters. */
const CSS_ESCAPE = (id: string | null) => (id ?? 'none').replaceAll(/[^\w-]/gu, String.raw`\$&`)

test('what was done is taken back by the usual keys, but not while typing', async ({ page }) => {
  await page.goto('/')
  const item = page.getByTestId('conversation-item').filter({ hasText: 'Offline note' })
  const remove = async () => {
    await page.getByRole('button', { name: 'Actions for “Offline note”' }).click()
    await page.getByTestId('delete').click()
    await expect(item).toHaveCount(0)
  }
  await remove()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(item).toBeVisible()
  await remove()
  await page.getByTestId('composer').fill('ab')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByTestId('composer')).toHaveValue('')
  await expect(item).toHaveCount(0)
})

test('a new conversation is an ordinary one, also after a temporary one that came to nothing', async ({ page }) => {
  await page.goto('/?empty')
  const toggle = page.getByTestId('temporary')
  await toggle.click()
  await expect(toggle).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('ControlOrMeta+n')
  await expect(toggle).toHaveAttribute('aria-pressed', 'false')
})

test('a text that is worked on has the focus where one goes on, not at what closes', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('composer').fill('a slow text')
  await page.getByTestId('writing-menu').click()
  await page.getByTestId('menu-correct').click()
  await expect(page.getByTestId('stop-writing')).toBeFocused()
})
