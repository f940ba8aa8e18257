import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Page, expect, test } from '@playwright/test'
import { build } from 'vite'
import { FRAME, folder, frames, mainThread, openBureau, report, serve } from './page'

const text = frames.map((frame) => frame.text).join('')
const lastHeading = [...text.matchAll(/^## (.*)$/gmu)].at(-1)?.[1] ?? ''
const rivals = join(folder, 'rivals')
const seconds: Record<string, number> = {}

/** Counts what the main thread computes until it has nothing to do; all of the answer must be there then. */
async function measure(page: Page, name: string, times: number, work: () => Promise<void>): Promise<void> {
  const computed = await mainThread(page)
  await work()
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  const spent = await computed()
  await expect(page.getByRole('heading', { name: lastHeading })).toBeAttached()
  seconds[name] = (spent.TaskDuration ?? 0) * times
  const part = (name: string) => `${((spent[name] ?? 0) * times).toFixed(1)} s`
  console.log(
    `    ${seconds[name].toFixed(1)} s of the main thread: scripts ${part('ScriptDuration')},`,
    `style ${part('RecalcStyleDuration')}, layout ${part('LayoutDuration')}; the rest is painting and collecting garbage`,
  )
}

/** Lets the text grow by so many frames at a time. */
async function measureRival(page: Page, name: string, stride: number): Promise<void> {
  await serve(page, rivals)
  await page.goto(`http://localhost/?${name}`)
  const parts = frames.map((frame) => frame.text)
  const growing = Array.from({ length: Math.ceil(parts.length / stride) }, (_, i) =>
    parts.slice(i * stride, (i + 1) * stride).join(''),
  )
  await measure(page, name, stride, () =>
    page.evaluate(
      async ({ growing, frame }) => {
        let text = ''
        for (const part of growing) {
          await new Promise((resolve) => setTimeout(resolve, frame))
          text += part
          window.show(text)
        }
      },
      { growing, frame: FRAME },
    ),
  )
}

test.beforeAll(() =>
  build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('rivals', import.meta.url)),
    build: { outDir: rivals, chunkSizeWarningLimit: 2000 },
  }),
)

test.afterAll(() => report('answer', seconds))

test('an answer in Bureau', async ({ page }) => {
  await openBureau(page)
  await page.getByTestId('composer').fill('Quels délais ?')
  await measure(page, 'bureau', 1, async () => {
    await page.getByTestId('send').click()
    await page.evaluate(() => window.answered)
  })
})

test('an answer in streamdown', ({ page }) => measureRival(page, 'streamdown', 1))

// All of it would take an hour. It parses and compares the whole text in every frame, however much of it is new.
test('an answer in react-markdown', ({ page }) => measureRival(page, 'react_markdown', 40))

declare global {
  interface Window {
    answered: Promise<void>
    show(text: string): void
  }
}
