/** Never more often than this: a text that grows twenty times a second grows smoothly. In milliseconds. */
const LEAST = 50
/** A frame is followed by a rest, so that the page has seven eighths of its time for the reader. */
const SHARE = 8
/** However slow the page is, what has come is shown after so long, in milliseconds. */
const MOST = 500

const waiting = new Set<() => void>()
let asked = false
let earliest = 0

/**
 * Shows what changes fast in one of the next frames, all that waits in the same one. How soon depends on what the last
 * such frame took, style, layout and painting included: a slow machine shows more at a time, and stays responsive.
 */
export function inPace(show: () => void): void {
  waiting.add(show)
  // A page that is hidden has no frames.
  if (typeof document === 'undefined' || document.hidden) showAll()
  else if (!asked) ask()
}

function ask(): void {
  asked = true
  setTimeout(() => requestAnimationFrame(frame), Math.max(0, earliest - performance.now()))
}

function frame(): void {
  const begun = performance.now()
  showAll()
  // The frame is on the screen when the next task runs. What has come since then waits for its own.
  setTimeout(() => {
    const took = performance.now() - begun
    earliest = begun + Math.min(MOST, Math.max(LEAST, SHARE * took))
    asked = false
    if (waiting.size > 0) ask()
  })
}

function showAll(): void {
  const shows = [...waiting]
  waiting.clear()
  for (const show of shows) show()
}
