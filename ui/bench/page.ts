import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { standIn } from './program'

/** Where what was recorded lies, and where what was measured goes. */
export const folder = process.env.BUREAU_BENCH_FOLDER ?? ''

interface Frame {
  text: string
  event: string | null
}

export const frames: Frame[] = read('frames')

/**
 * How far apart frames' words arrive, in milliseconds. By the clock, as from a network: who asks the page for its next
 * frame makes it draw one, and that would be charged to what is measured.
 */
export const FRAME = 1000 / 60

/** Hands a value back to `cargo bench`. */
export function report(name: string, value: unknown): void {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(value))
}

/** Serves a built page without a server; tells the files that were asked for. */
export async function serve(page: Page, built: string): Promise<Set<string>> {
  const asked = new Set<string>()
  await page.route('http://localhost/**', (route) => {
    const { pathname } = new URL(route.request().url())
    const path = join(built, pathname === '/' ? 'index.html' : pathname)
    asked.add(path)
    return route.fulfill({ path })
  })
  return asked
}

/** Opens the page as it is built for the window, with what the program sends to it; tells what it loaded. */
export async function openBureau(page: Page): Promise<Set<string>> {
  const { open_conversation: parts, ...answers } = read<Record<string, unknown>>('program')
  const json = Object.entries(answers).map(([command, answer]) => [command, JSON.stringify(answer)])
  await page.addInitScript(standIn, {
    answers: Object.fromEntries(json),
    conversation: (parts as unknown[]).map((part) => JSON.stringify(part)),
    events: frames.map(({ event }) => event),
    frame: FRAME,
  })
  const asked = await serve(page, fileURLToPath(new URL('../dist', import.meta.url)))
  await page.goto('http://localhost/')
  await page.getByTestId('conversation-item').waitFor()
  return asked
}

/**
 * Starts to count what the page's main thread computes; the result tells so far, in seconds. It is time of the thread,
 * which other programs on the machine do not change: scripts, style, layout, painting, collecting garbage.
 */
export async function mainThread(page: Page): Promise<() => Promise<Record<string, number>>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const metrics = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
  }
  const before = await metrics()
  return async () => {
    const now = await metrics()
    return Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - (before[name] ?? 0)]))
  }
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T
}
