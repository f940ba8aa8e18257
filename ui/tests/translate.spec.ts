import { type Page, expect } from '@playwright/test'
import { answer, ask, test } from './page'

const dialog = (page: Page) => page.getByTestId('translate-dialog')

/** Drops a file on the window. */
const drop = (page: Page, name: string) =>
  page.locator('main').evaluate((main, name) => {
    const data = new DataTransfer()
    data.items.add(new File(['some bytes'], name))
    main.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
  }, name)

/** Opens the dialog by the palette. */
const choose = async (page: Page) => {
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('translate')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeVisible()
}

test('a text stands beside its translation, paragraph by paragraph, and a term that was missed is marked', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('The council met.\n\nThe bridge is old.')
  await choose(page)
  await expect(page.getByTestId('translate-text')).toHaveValue('The council met.\n\nThe bridge is old.')
  await page.getByTestId('translate-to').selectOption('de')
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('translation-outcome')).toHaveText('Translated from English into German.')
  const rows = page.getByTestId('translated')
  await expect(rows).toHaveCount(2)
  await expect(rows.nth(1)).toContainText('old. is bridge The')
  await expect(rows.first().getByTestId('translation-issue')).toHaveText('“council” is not translated as “assemblée”.')
  await expect(rows.nth(1).getByTestId('translation-issue')).toHaveCount(0)
  // The language is remembered for the next one.
  await page.getByTestId('translate-again').click()
  await expect(page.getByTestId('translate-to')).toHaveValue('de')
})

test('a dropped document is translated, told of, and saved where the person says', async ({ page }) => {
  await page.goto('/?empty')
  await drop(page, 'lease.docx')
  await page.getByTestId('translate-file').click()
  await expect(dialog(page)).toContainText('Paragraphs, tables, notes, links and pictures stay')
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('translation-outcome')).toContainText('Translated from English')
  await expect(page.getByTestId('translation-issue')).toHaveText('The numbers differ.')
  await page.getByTestId('save-translation').click()
  await expect(page.locator('html')).toHaveAttribute('data-exported', '{"translation":"lease.fr.docx"}')
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
})

test('a translation that is used nowhere yet is not thrown away by one Escape', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('The council met.')
  await choose(page)
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('translated')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('translation-unused')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
})

test('Enter translates, and a text that is in that language already is told', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('The council met.')
  await choose(page)
  await expect(page.getByTestId('translate')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('translation-outcome')).toHaveText('Translated from English into French.')
  await page.getByTestId('translate-again').click()
  await page.getByTestId('translate-to').selectOption('en')
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('translation-outcome')).toHaveText('The text was in English already. Choose another language to translate into.')
})

test('a document that cannot be translated with its layout is told of', async ({ page }) => {
  await page.goto('/?empty')
  await drop(page, 'lease.pdf')
  await page.getByTestId('file-writing').click()
  await page.getByTestId('menu-translate').click()
  await expect(page.getByTestId('translate-cannot')).toContainText('“lease.pdf” cannot be translated with its layout')
  await expect(page.getByTestId('translate-text')).toHaveValue('The text of lease.pdf.')
})

test('a document that waits is what is translated where nothing is written', async ({ page }) => {
  await page.goto('/?empty')
  await drop(page, 'lease.docx')
  await expect(page.getByTestId('translate-file')).toBeVisible()
  await page.getByTestId('writing-menu').click()
  await page.getByTestId('menu-translate').click()
  await expect(dialog(page)).toContainText('Paragraphs, tables, notes, links and pictures stay')
})

test('what is stopped keeps what is done', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('One.\n\nTwo is slow.\n\nThree.')
  await choose(page)
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('translation-progress')).toContainText('1 of 3 texts')
  await page.getByTestId('stop-translation').click()
  await expect(page.getByTestId('translation-outcome')).toContainText('Stopped: 1 of 3 texts')
})

test('a failure is told, and the text is still there', async ({ page }) => {
  await page.goto('/?empty&endpoint=none')
  await page.getByTestId('composer').fill('One.')
  await choose(page)
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('failure')).toBeVisible()
  await expect(page.getByTestId('translate-text')).toHaveValue('One.')
})

test('what is asked about goes once the person says so, and is told with the translation', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').fill('Pay into FR14 2004 1010 0505 0001 3M02 606.\n\nJeanne Moreau waits.')
  await choose(page)
  await page.getByTestId('translate').click()
  await expect(page.getByTestId('failure')).toContainText('only with your consent')
  await expect(page.getByTestId('found-list').getByRole('listitem')).toHaveText(['IBAN FR14 2004 1010 0505 0001 3M02 606 asks first'])
  await page.getByTestId('translate-confirmed').click()
  await expect(page.getByTestId('translated')).toHaveCount(2)
  await expect(page.getByTestId('found-list')).toContainText('Jeanne Moreau')
})

test('an answer, and what is selected of it, is translated', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'Two paragraphs, please')
  const said = answer(page, 'complete')
  await said.getByTestId('translate-message').click()
  await expect(page.getByTestId('translate-text')).not.toHaveValue('')
  await page.keyboard.press('Escape')
  await said.locator('p').first().click({ clickCount: 3 })
  await page.getByTestId('translate-selection').click()
  const words = await said.locator('p').first().innerText()
  await expect(page.getByTestId('translate-text')).toHaveValue(words)
})
