import { afterEach, beforeEach, expect, it, vi } from 'vitest'

let frames: (() => void)[]
let now: number
let inPace: typeof import('./pace').inPace

beforeEach(async () => {
  frames = []
  now = 0
  vi.useFakeTimers()
  vi.stubGlobal('performance', { now: () => now })
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame))
  vi.stubGlobal('document', { hidden: false })
  vi.resetModules()
  ;({ inPace } = await import('./pace'))
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Draws the frame that was asked for; what comes after its scripts takes so long. */
function draw(milliseconds: number) {
  expect(frames).toHaveLength(1)
  frames.pop()?.()
  now += milliseconds
  vi.advanceTimersByTime(0)
}

function pass(milliseconds: number) {
  now += milliseconds
  vi.advanceTimersByTime(milliseconds)
}

/** How long it takes until something is shown that waits from now on, in milliseconds. */
function wait(): number {
  inPace(() => {})
  for (let waited = 0; ; waited += 1) {
    if (frames.length > 0) return waited
    pass(1)
  }
}

it('shows all that waits in one frame, each thing once', () => {
  const [one, two] = [vi.fn(), vi.fn()]
  for (const show of [one, two, one]) inPace(show)
  pass(0)
  expect(one).not.toHaveBeenCalled()
  draw(1)
  expect(one).toHaveBeenCalledOnce()
  expect(two).toHaveBeenCalledOnce()
})

it('rests after each frame seven times as long as it took, within bounds', () => {
  for (const [took, rest] of [
    [1, 49],
    [20, 140],
    [400, 100],
  ] as const) {
    wait()
    draw(took)
    expect(wait()).toBe(rest)
    draw(0)
    pass(1000)
  }
})

it('waits for no frame while the page is hidden', () => {
  vi.stubGlobal('document', { hidden: true })
  const show = vi.fn()
  inPace(show)
  expect(show).toHaveBeenCalledOnce()
  expect(frames).toEqual([])
})
