import { type Page, expect } from '@playwright/test'
import { answer, ask, open, rest, test } from './page'

// Nothing here relies on the engine's own scroll anchoring, which not every engine has: the page switches it off.

const scroller = (page: Page) => page.getByRole('region', { name: 'Conversation' }).last()
const top = (page: Page) => scroller(page).evaluate((e) => e.scrollTop)

/** A message in the middle of what is read, and how far down it stands. */
const middle = (page: Page) =>
  scroller(page).evaluate((e) => {
    const { top, height } = e.getBoundingClientRect()
    const article = [...e.querySelectorAll('article')].find((a) => a.getBoundingClientRect().bottom > top + height / 2)
    return { id: article?.dataset.id ?? '', y: article?.getBoundingClientRect().top ?? 0 }
  })

const placeOf = (page: Page, id: string) => page.locator(`article[data-id="${id}"]`).evaluate((a) => a.getBoundingClientRect().top)

async function openLong(page: Page, messages = 1000) {
  await page.goto(`/?messages=${messages}`)
  await open(page, 'A very long conversation')
  await expect(page.getByText(`Reply ${messages}`)).toBeInViewport()
}

test('what is read stays in its place as messages above it come in and are measured', async ({ page }) => {
  await openLong(page)
  await scroller(page).evaluate((e) => (e.scrollTop = e.scrollHeight / 2))
  await expect.poll(() => page.locator('article').count()).toBeGreaterThan(3)
  await rest(scroller(page))
  await scroller(page).hover()
  for (let i = 0; i < 12; i += 1) {
    const before = await middle(page)
    await page.mouse.wheel(0, -150)
    await rest(scroller(page))
    expect(Math.abs((await placeOf(page, before.id)) - before.y - 150)).toBeLessThan(3)
  }
})

test('the smallest step up leaves the end of an answer that arrives', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'a long one')
  await expect.poll(() => top(page)).toBeGreaterThan(200)
  await scroller(page).hover()
  await page.mouse.wheel(0, -6)
  await expect(page.getByTestId('to-latest')).toBeVisible()
  const before = await rest(scroller(page))
  await page.waitForTimeout(600)
  expect(await top(page)).toBe(before)
  await page.getByTestId('to-latest').click()
  await expect(page.getByTestId('to-latest')).toHaveCount(0)
  await scroller(page).focus()
  await page.keyboard.press('PageUp')
  await expect(page.getByTestId('to-latest')).toBeVisible()
})

test('a message that was searched for is left again while an answer arrives', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'a long one, needle')
  await expect.poll(() => top(page)).toBeGreaterThan(200)
  await page.getByTestId('search').fill('needle')
  await page.getByTestId('search-result').first().click()
  await expect(page.locator('article.target')).toBeInViewport()
  const before = await rest(scroller(page))
  await scroller(page).hover()
  await page.mouse.wheel(0, 150)
  expect(await rest(scroller(page))).toBeGreaterThan(before + 100)
})

test('a long draft does not scroll what is read away', async ({ page }) => {
  await openLong(page)
  const draft = Array.from({ length: 80 }, (_, i) => `Line ${i}`).join('\n')
  await page.getByTestId('composer').fill(draft)
  await expect(page.getByText('Reply 1000')).toBeInViewport()
  await expect(page.getByTestId('to-latest')).toHaveCount(0)
  await scroller(page).hover()
  await page.mouse.wheel(0, -200)
  await rest(scroller(page))
  const before = await middle(page)
  await page.getByTestId('composer').press('End')
  await page.keyboard.type('!!!')
  expect(Math.abs((await placeOf(page, before.id)) - before.y)).toBeLessThan(2)
})

test('the way to the latest covers no text', async ({ page }) => {
  await openLong(page)
  await scroller(page).hover()
  await page.mouse.wheel(0, -2000)
  const button = await page.getByTestId('to-latest').boundingBox()
  const read = await scroller(page).boundingBox()
  expect((read?.y ?? 0) + (read?.height ?? 0)).toBeLessThanOrEqual(button?.y ?? 0)
})

test('a message that was searched for is brought into view once', async ({ page }) => {
  await openLong(page)
  await page.getByTestId('search').fill('Question 301')
  const result = page.getByTestId('search-result').first()
  await result.click()
  const target = page.locator('article.target')
  await expect(target).toBeInViewport()
  await page.getByTestId('to-latest').click()
  await expect(page.getByText('Reply 1000')).toBeInViewport()
  await result.click()
  await expect(target).toBeInViewport()
  await ask(page, 'a long one')
  await expect(answer(page, 'streaming')).toContainText('word after')
  await expect(target).toHaveCount(0)
  await page.getByTestId('stop').click()
  await expect(answer(page, 'stopped')).toBeInViewport()
})

test('the parts of a fence scroll as one, and by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 400, height: 760 })
  await page.goto('/')
  await page.getByRole('button', { name: 'Show the conversations' }).click()
  await open(page, 'Summary of the draft decree')
  const box = page.getByRole('group', { name: 'Code' })
  await expect(box).toHaveAttribute('tabindex', '0')
  const lefts = () => box.locator('pre').evaluateAll((parts) => parts.map((pre) => pre.getBoundingClientRect().left))
  expect(new Set(await lefts()).size).toBe(1)
  const before = (await lefts())[0]
  await box.evaluate((e) => (e.scrollLeft = 60))
  expect(new Set(await lefts())).toEqual(new Set([(before ?? 0) - 60]))
  await page.getByTestId('wrap-code').click()
  await expect(box).not.toHaveAttribute('tabindex')
})

test('a wide table in a quotation is not cut', async ({ page }) => {
  await page.goto('/?empty')
  const cells = Array.from({ length: 12 }, (_, i) => `<td>considerable${i}</td>`).join('')
  await ask(page, `<blockquote><table><tbody><tr>${cells}</tr></tbody></table></blockquote>`)
  const block = page.locator('[data-role=user] .block').first()
  await expect(block).toHaveAttribute('tabindex', '0')
  expect(await block.evaluate((e) => getComputedStyle(e).overflowX)).toBe('auto')
})

test('each paragraph runs in the direction of its own words', async ({ page }) => {
  await page.goto('/?empty')
  await ask(page, 'مرحبا بالعالم')
  const direction = (selector: string) => page.locator(selector).first().evaluate((e) => getComputedStyle(e).direction)
  await expect(answer(page, 'complete')).toBeVisible()
  expect(await direction('[data-role=user] .block')).toBe('rtl')
  expect(await direction('[data-role=assistant] .block')).toBe('ltr')
  expect(await direction('[data-testid=conversation-item]')).toBe('rtl')
  await page.getByTestId('composer').fill('שלום')
  expect(await direction('[data-testid=composer]')).toBe('rtl')
})

test('an alert is named in the person’s language', async ({ page }) => {
  await page.goto('/')
  await open(page, 'Summary of the draft decree')
  const label = () => page.locator('.alert-warning').evaluate((e) => getComputedStyle(e, '::before').content)
  expect(await label()).toBe('"Warning"')
})

test('a conversation that cannot be opened says why, and is opened again', async ({ page }) => {
  await page.goto('/?unreadable')
  await open(page, 'Offline note')
  await expect(page.getByTestId('load-failure')).toContainText('could not be opened')
  await expect(page.getByTestId('example')).toHaveCount(0)
  await page.getByTestId('load-again').click()
  await expect(page.getByText('The office is closed')).toBeVisible()
})

test('conversations that cannot be listed are listed again', async ({ page }) => {
  await page.goto('/?unlisted')
  await expect(page.getByTestId('load-failure')).toContainText('could not be listed')
  await page.getByTestId('load-again').click()
  await expect(page.getByTestId('conversation-item').first()).toBeVisible()
})
