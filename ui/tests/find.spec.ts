import { type Page, expect } from '@playwright/test'
import { answer, ask, open, rest, test } from './page'

const count = (page: Page) => page.getByTestId('find-count')

/** What is marked as the place that is shown, and whether it can be seen. */
const current = (page: Page) =>
  page.evaluate(() => {
    const marked = [...((CSS.highlights.get('found-now') ?? []) as Iterable<StaticRange>)]
    return marked.map(({ startContainer, startOffset, endContainer, endOffset }) => {
      const range = new Range()
      range.setStart(startContainer, startOffset)
      range.setEnd(endContainer, endOffset)
      const { top, bottom } = range.getBoundingClientRect()
      const around = document.querySelector('[role=region]')?.getBoundingClientRect() ?? new DOMRect()
      const seen = top > around.top && bottom < around.bottom
      return { text: range.toString(), in: startContainer.parentElement?.closest('p, pre')?.textContent.trim(), seen }
    })
  })

async function find(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+f')
  await expect(page.getByTestId('find-query')).toBeFocused()
  await page.keyboard.type(words)
}

test('words are found in the whole conversation, whatever of it is on the page', async ({ page }) => {
  await page.goto('/?messages=2000')
  await open(page, 'A very long conversation')
  await page.getByText('Reply 2000').waitFor()
  await find(page, 'sécond PARAGRAPH')
  // It begins with what is read, at the end.
  await expect(count(page)).toHaveText(/^99\d of 1,000$/u)
  await expect.poll(() => current(page)).toEqual([{ text: 'second paragraph', in: 'With a second paragraph.', seen: true }])
  await page.getByTestId('find-query').fill('question 1')
  await page.keyboard.press('Shift+Enter')
  await expect.poll(() => current(page)).toEqual([{ text: 'Question 1', in: expect.stringMatching(/^Question 1/u), seen: true }])
  await page.getByTestId('find-query').fill('question 1001')
  await expect(count(page)).toHaveText('1 of 1')
  await expect.poll(() => current(page)).toEqual([{ text: 'Question 1001', in: 'Question 1001', seen: true }])
  await page.getByTestId('find-query').fill('question 1001x')
  await expect(count(page)).toHaveText('Not found')
  expect(await current(page)).toEqual([])
})

test('a place far down in a long message comes into view, in code as well', async ({ page }) => {
  await page.goto('/')
  await open(page, 'draft decree')
  await page.getByTestId('blocks').last().waitFor()
  await page.getByRole('region', { name: 'Conversation' }).evaluate((e) => (e.scrollTop = 0))
  await find(page, 'rate: f64')
  await expect.poll(() => current(page)).toEqual([expect.objectContaining({ text: 'rate: f64', seen: true })])
  await page.getByTestId('find-query').fill('.powi(')
  await expect.poll(() => current(page)).toEqual([expect.objectContaining({ text: '.powi(', seen: true })])
})

test('Escape gives the focus back and takes the marks away; asked for again, the words are still there', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Offline note')
  await page.getByTestId('blocks').last().waitFor()
  await page.getByTestId('composer').focus()
  await find(page, 'nine')
  await page.keyboard.press('F3')
  await expect(count(page)).toHaveText('1 of 1')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('find')).toHaveCount(0)
  await expect(page.getByTestId('composer')).toBeFocused()
  expect(await current(page)).toEqual([])
  await page.keyboard.press('Control+f')
  await expect(page.getByTestId('find-query')).toHaveValue('nine')
  await open(page, 'Letter to the prefecture')
  await expect(page.getByTestId('find')).toHaveCount(0)
})

test('an answer that arrives is looked through, and stopped by Escape only outside the bar', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'a long one')
  await expect(answer(page, 'streaming')).toContainText('word')
  await find(page, 'word')
  await expect(count(page)).toContainText(' of ')
  const early = await count(page).textContent()
  await expect(count(page)).not.toHaveText(early ?? '')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('find')).toHaveCount(0)
  await expect(answer(page, 'streaming')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(answer(page, 'stopped')).toBeVisible()
})

test('a web view that cannot mark words marks their block', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Highlight'))
  await page.goto('/')
  await open(page, 'Offline note')
  await page.getByTestId('blocks').last().waitFor()
  await find(page, 'tomorrow')
  await expect(page.locator('.found-now')).toHaveText('We are back tomorrow at nine.')
  await page.keyboard.press('Escape')
  await expect(page.locator('.found-now')).toHaveCount(0)
})

test('it starts at the first place at or after what is seen', async ({ page }) => {
  await page.goto('/')
  await open(page, 'draft decree')
  await page.getByTestId('blocks').last().waitFor()
  const region = page.getByRole('region', { name: 'Conversation' })
  await region.evaluate((e) => (e.scrollTop = 0))
  await find(page, 'the')
  await expect(count(page)).toHaveText(/^1 of/u)
  await region.hover()
  await page.mouse.wheel(0, 5000)
  await rest(region)
  const above = await region.evaluate((e) => {
    const found = [...((CSS.highlights.get('found') ?? []) as Iterable<StaticRange>)]
    return found.filter(({ startContainer, startOffset, endContainer, endOffset }) => {
      const range = new Range()
      range.setStart(startContainer, startOffset)
      range.setEnd(endContainer, endOffset)
      return range.getBoundingClientRect().bottom <= e.getBoundingClientRect().top
    }).length
  })
  expect(above).toBeGreaterThan(1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+f')
  await expect(count(page)).toHaveText(new RegExp(`^${above + 1} of`, 'u'))
})
