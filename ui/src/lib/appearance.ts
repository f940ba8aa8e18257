import type { Settings, Theme } from './backend/backend'
import { chooseDark } from './dark.svelte'

type Appearance = Pick<Settings, 'theme' | 'density' | 'text_size'>

/** The rules for a dark system, each with the condition it was written with. */
const conditions = new Map<MediaList, string>()

/** Shows the settings on the page at once. */
export function showAppearance(root: HTMLElement, { theme, density, text_size }: Appearance): void {
  root.dataset.theme = theme
  chooseDark(theme)
  root.dataset.density = density
  // Everything is measured in rem, and grows with it.
  root.style.fontSize = text_size === 100 ? '' : `${text_size}%`
  forceColours(root.ownerDocument, theme)
}

/**
 * Lets the rules for a dark system apply always or never. The colours of code are generated as such rules: so there is
 * one set of dark colours, and no second copy under a selector.
 */
function forceColours(page: Document, theme: Theme): void {
  for (const sheet of page.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSMediaRule)) continue
      const condition = conditions.get(rule.media) ?? rule.media.mediaText
      if (!condition.includes('prefers-color-scheme: dark')) continue
      conditions.set(rule.media, condition)
      rule.media.mediaText = theme === 'system' ? condition : theme === 'dark' ? 'all' : 'not all'
    }
  }
}
