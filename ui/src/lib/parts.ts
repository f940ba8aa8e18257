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
