import { type Locator, type Page, expect, test as base } from '@playwright/test'

/** A page of the fixtures, which fails the test on any error, a refusal of the policy included. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await use(page)
    expect(errors).toEqual([])
  },
})

export async function ask(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text)
  await page.getByTestId('send').click()
}

export const answer = (page: Page, state: string) =>
  page.locator(`[data-testid=message][data-role=assistant][data-state=${state}]`)

/** Opens a conversation and waits until its messages have come to rest: where a page moves, a press is no click. */
export async function open(page: Page, title: string): Promise<void> {
  await page.getByTestId('conversation-item').filter({ hasText: title }).click()
  const transcript = page.locator('main [role=region]:has(article)')
  await transcript.or(page.getByTestId('load-failure')).first().waitFor()
  if ((await transcript.count()) > 0) await rest(transcript)
}

/** Where a scroller stands once it has not moved for ten frames: a turn of the wheel is a motion that takes its time. */
export const rest = (scroller: Locator) =>
  scroller.evaluate(
    (e) =>
      new Promise<number>((resolve) => {
        let [top, still] = [e.scrollTop, 0]
        const look = () => {
          still = e.scrollTop === top ? still + 1 : 0
          top = e.scrollTop
          if (still === 10) resolve(top)
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
