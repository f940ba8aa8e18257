import { m } from './paraglide/messages'

const APPLE = typeof navigator !== 'undefined' && /mac|iphone|ipad/iu.test(navigator.userAgent)

/** How a key is pressed together with the platform's command key. */
export function commandKey(key: string): string {
  const named = key === 'Enter' ? m.key_enter() : key
  return APPLE ? `⌘${named}` : `${m.key_control()}+${named}`
}
