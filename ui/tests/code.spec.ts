import { type Page, expect } from '@playwright/test'
import { open, test } from './page'

async function openCode(page: Page, options = '') {
  await page.goto(`/?code${options}`)
  await open(page, 'Code and data')
}

const fence = (page: Page, language: string) => page.locator('.fence').filter({ has: page.locator('.language', { hasText: new RegExp(`^${language}$`, 'u') }) })

test('long code is folded, its numbers are no part of it, and it is copied whole', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openCode(page)
  const rust = fence(page, 'rust').first()
  await rust.scrollIntoViewIfNeeded()
  await expect(rust.getByTestId('fold-code')).toHaveText('Show all 60 lines')
  await expect(rust.locator('.numbers')).toContainText('60')
  const tall = async (part: string) => (await rust.locator(part).boundingBox())?.height ?? 0
  expect(await tall('.frame')).toBeLessThan((await tall('pre')) / 2)
  await rust.getByTestId('copy-code').click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied.split('\n').filter((line) => line.startsWith('let line_')).length).toBe(60)
  expect(copied).not.toMatch(/^\d/mu)
  await rust.getByTestId('fold-code').click()
  await expect(rust.getByTestId('fold-code')).toHaveText('Show fewer lines')
  expect(await tall('.frame')).toBeGreaterThan(await tall('pre'))
  // Each number stands beside its line.
  expect(Math.abs((await tall('.numbers')) - (await tall('.frame')))).toBeLessThan(4)
})

test('code is asked about: the question is written, with what only the person knows left open', async ({ page }) => {
  await openCode(page)
  const rust = fence(page, 'rust').first()
  await rust.scrollIntoViewIfNeeded()
  await rust.getByTestId('code-tasks').click()
  await expect(page.getByRole('menuitem')).toHaveText(['Explain', 'Correct', 'Improve', 'Add to it…', 'Write tests', 'Convert…', 'Review'])
  await page.getByTestId('code-convert').click()
  const composer = page.getByTestId('composer')
  await expect(composer).toHaveValue(/^```rust\n[\s\S]*line_59[\s\S]*\n```\n\nRewrite this code in \{\{language\}\}, as/u)
  await expect(composer).toBeFocused()
  await page.keyboard.type('Python')
  await expect(composer).toHaveValue(/Rewrite this code in Python, as/u)
  await expect(page.getByTestId('message').last()).not.toContainText('Rewrite this code')
})

test('a file of code that waits is asked about, and a text is worked on', async ({ page }) => {
  await page.goto('/?empty')
  await page.locator('main').evaluate((main) => {
    const data = new DataTransfer()
    data.items.add(new File(['let a = 1;'], 'a.rs'))
    data.items.add(new File(['The councl met.'], 'note.txt'))
    main.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
  })
  await page.getByTestId('composer').fill('Be brief.')
  await page.getByTestId('file-tasks').click()
  await page.getByTestId('code-review').click()
  await expect(page.getByTestId('composer')).toHaveValue(/^Be brief\.\n\nReview this code: /u)
  await expect(page.getByTestId('composer')).toBeFocused()
  await page.getByTestId('file-writing').click()
  await page.getByTestId('menu-correct').click()
  await expect(page.getByTestId('writing')).toContainText('The councl met.')
})

test('a diagram is drawn as an image, its source is one press away, and a broken one shows its source', async ({ page }) => {
  await openCode(page)
  const mermaid = fence(page, 'mermaid')
  await mermaid.scrollIntoViewIfNeeded()
  const image = mermaid.getByTestId('diagram').locator('img')
  await expect(image).toHaveAttribute('src', /^data:image\/svg\+xml/u)
  expect(await image.evaluate((e: HTMLImageElement) => e.decode().then(() => e.naturalWidth))).toBeGreaterThan(100)
  await expect(mermaid.getByTestId('diagram').locator('svg')).toHaveCount(0)
  await expect(mermaid.getByText('flowchart LR')).toBeHidden()
  await mermaid.getByTestId('code-source').click()
  await expect(mermaid.getByText('flowchart LR')).toBeVisible()
  await mermaid.getByTestId('code-source').click()
  await mermaid.getByTestId('diagram').getByRole('button').click()
  await expect(page.getByTestId('image')).toBeVisible()
  await page.keyboard.press('Escape')
  const dot = fence(page, 'dot')
  await expect(dot.getByTestId('diagram-failed')).toContainText('This diagram cannot be drawn. line 1')
  await expect(dot.getByText('nonsense')).toBeVisible()
})

test('values are a table that is sorted by its columns, and a chart in one press', async ({ page }) => {
  await openCode(page)
  const csv = fence(page, 'csv')
  const first = () => csv.locator('tbody tr td').first()
  await expect(first()).toHaveText('Roads')
  await csv.getByRole('button', { name: 'Cost (k€)' }).click()
  await expect(first()).toHaveText('Parks')
  await expect(csv.locator('th').nth(1)).toHaveAttribute('aria-sort', 'ascending')
  await csv.getByRole('button', { name: 'Cost (k€)' }).click()
  await expect(first()).toHaveText('Roads')
  await csv.getByTestId('chart').click()
  await expect(csv.getByRole('img', { name: /Chart of Cost/u })).toBeVisible()
  await expect(csv.locator('figure rect')).toHaveCount(7)
  await csv.getByTestId('chart-kind').click()
  await expect(csv.locator('figure circle')).toHaveCount(7)
  const json = fence(page, 'json')
  await expect(json.locator('pre')).toBeVisible()
  await json.getByTestId('code-source').click()
  await json.getByRole('button', { name: 'a', exact: true }).click()
  await expect(json.locator('tbody td')).toHaveText(['2', '10'])
})

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' })

  test('numbers of an English answer are read as English writes them', async ({ page }) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.getByTestId('table-chart').click()
    // The second of three, 1,250, is the highest.
    await expect.poll(() => page.locator('figure rect').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().height > 100))).toEqual([false, true, false])
  })
})

test('a table of an answer becomes a chart, and stays', async ({ page }) => {
  await openCode(page)
  await page.getByTestId('table-chart').click()
  await expect(page.getByTestId('chart-figure')).toBeVisible()
  await expect(page.locator('.block > table')).toBeVisible()
  await fence(page, 'csv').getByTestId('chart').click()
  // Also while another conversation is shown.
  await open(page, 'Offline note')
  await expect(page.getByTestId('chart-figure')).toHaveCount(0)
  await open(page, 'Code and data')
  await expect(page.getByTestId('chart-figure')).toHaveCount(2)
  await page.getByTestId('table-chart').click()
  await expect(page.getByTestId('chart-figure')).toHaveCount(1)
})

test('a proposed change is written when it is accepted, and undone', async ({ page }) => {
  await openCode(page)
  const change = page.getByTestId('file-change').first()
  await expect(change).toHaveAttribute('data-state', 'ready')
  await expect(change.locator('tr.added')).toContainText('0.25')
  await change.getByTestId('apply-change').click()
  await expect(change).toHaveAttribute('data-state', 'applied')
  await expect(change.getByTestId('undo-change')).toBeFocused()
  await expect(page.getByTestId('change-told')).toHaveText('src/rate.rs Applied')
  await change.getByTestId('undo-change').click()
  await expect(change).toHaveAttribute('data-state', 'ready')
  const other = page.getByTestId('file-change').nth(1)
  await expect(other).toHaveAttribute('data-state', 'conflict')
  await expect(other.getByTestId('apply-change')).toHaveCount(0)
  await expect(other).toContainText('only shown')
})

test('a file that cannot be read after a change was refused is told beside what was refused', async ({ page }) => {
  await openCode(page, '&withdrawn')
  await page.getByTestId('apply-change').click()
  await expect(page.getByRole('alert')).toHaveText([/This cannot be done/u, /The disk is full/u])
  await expect(page.getByTestId('file-change').first()).toHaveAttribute('data-state', 'ready')
})
