import type { Notices } from './state/notices.svelte'

/** A part of the page that cannot be loaded is told, and does not leave anyone waiting for it: it is given up. */
export async function loaded<T>(part: Promise<T>, notices: Notices, giveUp: () => void): Promise<T> {
  try {
    return await part
  } catch (error) {
    notices.report(error)
    giveUp()
    return new Promise<never>(() => undefined)
  }
}

/** A part that is there at once wherever it was needed before, so that what it belongs to is shown in one piece. */
export function kept<T>(load: () => Promise<T>): () => T | Promise<T> {
  let part: T | undefined
  return () => part ?? load().then((loaded) => (part = loaded))
}
