// Looks on while somebody goes round a screen by its keys. Each press tells where the focus was just before it: by
// then the page has scrolled, and shows whatever it shows of it.
const TABBED = 'a[href], button, input, select, textarea, summary, [tabindex]'
const CHOSEN = '[role^=menuitem], [role=option]'
const DIALOGS = 'dialog[open], [role=dialog], [role=alertdialog]'
const MENUS = '[role=menu], [role=listbox]'
/** Within each of these one reads on; from one to the other one may turn back. */
const PARTS = 'nav, main, header, section, form, fieldset, li, tr, dialog, [role=dialog], [role=group], [role=region], [role=toolbar], [role=search], [data-testid=message]'

const shown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })

/** What a key of this kind comes to: all of the topmost layer, or of the page. */
function places(selector) {
  const layer = [...document.querySelectorAll(selector === CHOSEN ? MENUS : DIALOGS)].filter(shown).at(-1)
  return [...(layer ?? document).querySelectorAll(selector)].filter((element) => {
    const switchedOff = element.matches(':disabled, [data-disabled]') || element.closest('[inert]')
    const otherRadio = element.type === 'radio' && !element.checked
    return shown(element) && !switchedOff && !otherRadio && (selector === CHOSEN || element.tabIndex >= 0)
  })
}

const called = (element) => `${element.dataset?.testid ?? element.className ?? ''} ${element.outerHTML.slice(0, 100)}`

/** What has the focus; of what is gone through by arrows the entry for which its list or field has it. */
function focused() {
  const at = document.activeElement
  if (!round.byArrows) return at
  const entry = document.getElementById(at?.getAttribute('aria-activedescendant') ?? '')
  return entry ?? document.querySelector('[role=listbox] [data-highlighted]') ?? at
}

/** Its name, in the order of the algorithm for accessible names, as far as this page uses it. */
function nameOf(element) {
  const told = element.getAttribute('aria-labelledby')?.split(/\s+/u).map((id) => document.getElementById(id)?.textContent).join(' ')
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ')
  const content = element.matches('input, select, textarea') ? '' : element.textContent
  return [told, element.getAttribute('aria-label'), labels, content, element.title].map((text) => text?.trim()).find(Boolean) ?? ''
}

/** What may show the focus of an element: itself, what is drawn for a hidden control, and the frame of a field. */
function frames(element) {
  const around = element.closest('form, [role=search], .search, .field, .box, li, label')
  const own = element.matches('.visually-hidden') ? [] : [element]
  return [...own, element.nextElementSibling, element.parentElement, around].filter(Boolean)
}

function look(element) {
  const style = getComputedStyle(element)
  const outlined = style.outlineStyle !== 'none' && style.outlineWidth !== '0px' && !/, 0\)$/u.test(style.outlineColor)
  const outline = outlined ? `${style.outlineWidth} ${style.outlineColor}` : ''
  return { outline, rest: [style.boxShadow, style.borderColor, style.backgroundColor].join(' ') }
}

/** The order in which the two are read, as far as they are near each other; both are measured at once, as scrolled now. */
function turnsBack(from, to) {
  if (from.closest(PARTS) !== to.closest(PARTS)) return false
  const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()]
  if (b.bottom <= a.top + 1) return true
  const beside = b.top < a.bottom - 1 && a.top < b.bottom - 1
  const rtl = getComputedStyle(from).direction === 'rtl'
  return beside && (rtl ? b.left >= a.right - 1 : b.right <= a.left + 1)
}

const round = {
  stops: [],
  faults: new Set(),
  /** Where a look alone tells that an element has the focus: told only when it is seen without. */
  unseen: new Map(),
  /** A key that does nothing by itself has come, and so all those before it. */
  hears: false,

  begin(byArrows) {
    this.byArrows = byArrows
    this.reachable = places(byArrows ? CHOSEN : TABBED)
    this.stops = []
    this.faults.clear()
    this.unseen.clear()
    for (const element of this.reachable) {
      if (element.tabIndex > 0) this.faults.add(`out of turn (tabindex): ${called(element)}`)
    }
    return this.reachable.length
  },

  /** How many places on this one is. */
  away(selector) {
    const all = places(TABBED)
    const place = all.findIndex((element) => element.matches(selector))
    return Math.max(1, (place - all.indexOf(document.activeElement) + all.length) % all.length)
  },

  note() {
    const at = focused()
    if (!at || at === document.body) return
    const last = this.stops.at(-1)
    const first = !this.stops.includes(at)
    this.stops.push(at)
    for (const [element, { seen }] of this.unseen) {
      // What is beside it may show that it has the focus itself.
      const tells = (frame) => frame.contains(element) || !frame.contains(at)
      const without = element !== at && seen.some(({ frame, rest }) => tells(frame) && look(frame).rest !== rest)
      if (without) this.unseen.delete(element)
    }
    if (!first || !this.reachable.includes(at)) return
    if (nameOf(at) === '') this.faults.add(`without a name: ${called(at)}`)
    const box = (at.matches('.visually-hidden') ? (at.parentElement ?? at) : at).getBoundingClientRect()
    const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    if (!inSight) this.faults.add(`out of sight (${Math.round(box.top)} to ${Math.round(box.bottom)}): ${called(at)}`)
    const seen = frames(at).map((frame) => ({ frame, ...look(frame) }))
    if (!seen.some(({ outline }) => outline)) this.unseen.set(at, { seen })
    // Behind the last one it begins anew.
    const within = this.reachable.includes(last) && last !== this.reachable.at(-1)
    if (within && turnsBack(last, at)) this.faults.add(`turns back from ${called(last)} to ${called(at)}`)
  },

  /** What was wrong on the way round. */
  end() {
    const missed = this.reachable.filter((element) => element.isConnected && shown(element) && !this.stops.includes(element))
    return [
      ...this.faults,
      ...missed.map((element) => `never reached: ${called(element)}`),
      // What still has the focus was never seen without.
      ...[...this.unseen.keys()].filter((element) => element !== focused()).map((element) => `no visible focus: ${called(element)}`),
    ]
  },

  /** Where the way back is not the way there. */
  back(there) {
    const way = [...new Set(there)]
    const place = (i) => way.indexOf(this.stops[i])
    return this.stops.flatMap((element, i) => {
      const fits = i === 0 || (place(i - 1) - place(i) + way.length) % way.length === 1 || way.length === 1
      return fits ? [] : [`not the way back: ${called(this.stops[i - 1])} to ${called(element)}`]
    })
  },
}

window.round = round
addEventListener(
  'keydown',
  ({ key }) => {
    if (['Tab', 'ArrowDown'].includes(key)) round.note()
    if (key === 'Control') round.hears = true
  },
  true,
)
