import { type Page, expect } from '@playwright/test'
import { answer, ask, open, test } from './page'

const button = (page: Page) => page.getByTestId('title-actions')

for (const [name, width, locale] of [['a wide window', 1280, 'en-GB'], ['a narrow one', 400, 'en-GB'], ['Arabic', 1280, 'ar-EG']] as const) {
  test.describe(`in ${name}`, () => {
    test.use({ locale, viewport: { width, height: 700 } })

    test('what acts on the conversation that is shown stands beside its title', async ({ page }) => {
      await page.goto('/')
      if (width < 700) await page.getByRole('button', { name: 'Show the conversations' }).click()
      await open(page, 'Offline note')
      await button(page).focus()
      await page.keyboard.press('Enter')
      const menu = page.getByRole('menu')
      const [find, window] = [menu.getByTestId('find'), menu.getByTestId('open-window')]
      await expect(find).toBeFocused()
      await page.keyboard.press('ArrowDown')
      await expect(window).toBeFocused()
      for (const id of ['pin', 'rename', 'conversation-instructions-open', 'tags', 'move', 'export', 'copy-link', 'archive', 'delete']) {
        await expect(menu.getByTestId(id)).toHaveCount(1)
      }
      const box = await menu.boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
      await page.keyboard.press('Escape')
      await expect(button(page)).toBeFocused()
      await button(page).click()
      await find.click()
      await expect(page.getByTestId('find-query')).toBeFocused()
    })
  })
}

test('what is not kept has no menu at its title', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByTestId('conversation-item').first()).toBeVisible()
  await expect(button(page)).toHaveCount(0)
  await page.getByTestId('temporary').click()
  await ask(page, 'Between us')
  await answer(page, 'complete').waitFor()
  await expect(page.getByTestId('title')).toBeVisible()
  await expect(button(page)).toHaveCount(0)
})

test('it is renamed from there, also where the list does not show it', async ({ page }) => {
  await page.goto('/?filed')
  await open(page, 'Offline note')
  await button(page).click()
  await page.getByTestId('rename').click()
  await page.getByTestId('rename-title').fill('A note')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('title')).toHaveText('A note')
  await page.getByTestId('view').click()
  await page.getByTestId('view-deleted').click()
  await button(page).click()
  // The list shows the trash; this is not in it.
  await expect(page.getByTestId('restore')).toHaveCount(0)
  await page.getByTestId('rename').click()
  await page.getByRole('dialog').getByRole('textbox').fill('Another note')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('title')).toHaveText('Another note')
})

test('a row shows that it can be dragged out, and its menu says so, where that is allowed', async ({ page }) => {
  await page.goto('/')
  const row = page.getByTestId('conversation-item').filter({ hasText: 'Offline note' })
  await expect(row).toHaveCSS('cursor', 'grab')
  await row.click({ button: 'right' })
  await page.getByTestId('export').press('Enter')
  await expect(page.getByText('Or drag it out of the list')).toBeVisible()
  await page.goto('/?policy')
  await expect(row).not.toHaveCSS('cursor', 'grab')
  await expect(page.locator('[data-conversation] [draggable=true]')).toHaveCount(0)
})
