import { readFileSync } from 'node:fs'
import { type Browser, type Page, test } from '@playwright/test'
import { openBureau, report } from './page'

const OPENINGS = 5

/** Opens the long conversation; tells how long its first screen took to be painted, in milliseconds. */
const open = (page: Page) =>
  page.getByTestId('conversation-item').evaluate(async (item: HTMLElement) => {
    const frame = () => new Promise(requestAnimationFrame)
    const begun = performance.now()
    item.click()
    do await frame()
    while (!document.querySelector('[data-testid=message]'))
    // They are painted at the end of this frame.
    await frame()
    return performance.now() - begun
  })

/** Scrolls from the end to the beginning, a screen a frame. */
const scroll = (page: Page) =>
  page.getByTestId('transcript').evaluate(async (content) => {
    const scroller = content.parentElement as HTMLElement
    const { left, top, width, height } = scroller.getBoundingClientRect()
    const shows = (y: number) => document.elementFromPoint(left + width / 2, y)?.closest('.place') != null
    const times: number[] = []
    let empty = 0
    let before = await new Promise(requestAnimationFrame)
    while (scroller.scrollTop > 0) {
      scroller.scrollTop -= height
      // By then the frame is painted, and the page hears of having been scrolled only in the next one.
      await new Promise((resolve) => setTimeout(resolve))
      if (!shows(top + height / 2)) empty += 1
      const now = await new Promise(requestAnimationFrame)
      times.push(now - before)
      before = now
    }
    times.sort((a, b) => a - b)
    const [median_frame, longest_frame] = [times[Math.floor(times.length / 2)], times.at(-1)]
    return { frames: times.length, empty_frames: empty, median_frame, longest_frame }
  })

/** What is still held once all garbage is collected, in bytes: by scripts, and by the processes of all pages. */
async function memory(page: Page, browser: Browser): Promise<{ heap: number; processes: number | null }> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const all = await browser.newBrowserCDPSession()
  const { processInfo } = await all.send('SystemInfo.getProcessInfo')
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateMemory(id))
  return { heap: usedSize, processes: sizes.reduce((sum, size) => sum + size, 0) || null }
}

/** Memory that is a process's alone (proc(5)); 0 where the system does not tell. */
function privateMemory(process: number): number {
  try {
    const rollup = readFileSync(`/proc/${process}/smaps_rollup`, 'utf8')
    return [...rollup.matchAll(/^Private_\w+: +(\d+) kB/gmu)].reduce((sum, [, kB]) => sum + Number(kB) * 1024, 0)
  } catch {
    return 0
  }
}

test('a conversation of 10,000 messages', async ({ browser }) => {
  const times: number[] = []
  for (let i = 0; i < OPENINGS; i += 1) {
    const page = await browser.newPage()
    await openBureau(page)
    times.push(await open(page))
    await page.close()
  }
  const page = await browser.newPage()
  await openBureau(page)
  const before = await memory(page, browser)
  await open(page)
  const scrolled = await scroll(page)
  const after = await memory(page, browser)
  report('conversation', {
    ...scrolled,
    first_screen: times.sort((a, b) => a - b)[Math.floor(OPENINGS / 2)],
    heap_growth: after.heap - before.heap,
    process_growth: before.processes !== null && after.processes !== null ? after.processes - before.processes : null,
  })
})
