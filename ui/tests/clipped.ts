import type { Page } from '@playwright/test'

/** The texts that are not shown whole, of those with this sign in them; what people have written may be cut. */
export const clipped = (page: Page, sign = '') =>
  page.evaluate((sign) => {
    const found: string[] = []
    for (const at of document.querySelectorAll<HTMLElement>('#app *, .layer-dialog *, .layer-menu *')) {
      const text = [...at.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join('')
      if (text.trim() === '' || !text.includes(sign) || !at.checkVisibility({ visibilityProperty: true }) || at.closest('.visually-hidden, .hint, [dir=auto], bdi, pre, textarea, select, [inert]')) continue
      const { overflowX, overflowY, clipPath } = getComputedStyle(at)
      if (clipPath !== 'none') continue
      const cut = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
      if ((cut(overflowX) && at.scrollWidth > at.clientWidth + 1) || (cut(overflowY) && at.scrollHeight > at.clientHeight + 1)) found.push(`cut: ${at.outerHTML.slice(0, 160)}`)
      const range = document.createRange()
      range.selectNodeContents(at)
      const [inner, outer] = [range.getBoundingClientRect(), (at.closest('button, label, .field') ?? at).getBoundingClientRect()]
      if (inner.width > 0 && (inner.right > outer.right + 1.5 || inner.left < outer.left - 1.5 || inner.bottom > outer.bottom + 4)) found.push(`sticks out: ${at.outerHTML.slice(0, 160)}`)
    }
    return found
  }, sign)
