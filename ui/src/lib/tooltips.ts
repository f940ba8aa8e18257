/**
 * Takes the system's tooltip away from what has opened a menu, as long as that is open: it would lie over its first
 * entries. Gives how to end that.
 */
export function tooltipsAside(page: Document): () => void {
  const titles = new WeakMap<Element, string>()
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!(target instanceof Element) || !target.hasAttribute('aria-haspopup')) continue
      const kept = titles.get(target)
      if (target.getAttribute('aria-expanded') === 'true' && target.hasAttribute('title')) {
        titles.set(target, target.getAttribute('title') ?? '')
        target.removeAttribute('title')
      } else if (target.getAttribute('aria-expanded') === 'false' && kept !== undefined) {
        titles.delete(target)
        if (!target.hasAttribute('title')) target.setAttribute('title', kept)
      }
    }
  })
  observer.observe(page, { subtree: true, attributeFilter: ['aria-expanded'] })
  return () => observer.disconnect()
}
