import AxeBuilder from '@axe-core/playwright'
import { type Page, expect } from '@playwright/test'
import { clipped } from './clipped'
import { answer, ask, open, test } from './page'
import { SCENES } from './scenes'
import { walk } from './walk'

const overflow = (page: Page) =>
  page.evaluate(() => {
    const wide = [...document.querySelectorAll('main, main *, .layer-dialog, .layer-menu, .undo')].filter((e) => {
      const scrolls = e.closest('pre, math, .code-box, .block:has(table), .hint')
      const { left, right } = e.getBoundingClientRect()
      return !scrolls && (right > innerWidth + 0.5 || left < -0.5) && getComputedStyle(e).clipPath === 'none'
    })
    return [document.documentElement.scrollWidth - innerWidth, wide.map((e) => e.outerHTML.slice(0, 80))]
  })

/** What is shown in the list beside the conversation, which is put away where the page is narrow. */
const OF_THE_LIST = [
  'a search',
  'filters of the search',
  'a folder',
  'the actions of a conversation',
  'the actions of a folder',
  'the lists to choose from',
  'the folders to move to',
  'the selection of several',
  'the trash',
  'the empty archive',
]

/** What moves by itself where the system asks that nothing does. */
const moving = (page: Page) => page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)

/** The spacings that a reader may choose (WCAG 1.4.12), but for letters that are joined. */
const SPACED = `* { line-height: 1.5 !important; word-spacing: 0.16em !important }
  html:not([lang=ar]) * { letter-spacing: 0.12em !important }
  p { margin-block-end: 2em !important }`

/** The texts that are not whole with these spacings. */
async function clippedBySpacing(page: Page): Promise<readonly string[]> {
  await page.evaluate((rules) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(rules)
    document.adoptedStyleSheets = [sheet]
  }, SPACED)
  const found = await clipped(page)
  await page.evaluate(() => (document.adoptedStyleSheets = []))
  return found
}

/** Nobody goes round a thousand messages by Tab: keys lead to the list, the search and the composer. */
const ENDLESS = 'the middle of a long conversation and a long list'
const LOCALES = ['en-GB', 'fr-FR', 'es-ES', 'de-DE', 'pt-BR', 'it-IT', 'ja-JP', 'ar-EG']
/** Every screen in one language, every language on some screens; with the variable, every screen in every language. */
const ALL = process.env.BUREAU_EVERY_LANGUAGE !== undefined
/**
 * Not looked at by default: WCAG 2.5.8. Not looked at here: whether a field is named by its tooltip alone, for which axe
 * takes a name that lies below the window's edge for none; a field without any name is another rule's.
 */
const RULES = { rules: { 'target-size': { enabled: true }, 'label-title-only': { enabled: false } } }
/** A dark page differs in its colours alone. */
const COLOURS = ['color-contrast', 'link-in-text-block']

LOCALES.forEach((locale, at) => {
  test.describe(`a screen in ${locale}`, () => {
    test.use({ locale })

    const scenes = Object.entries(SCENES).map(([name, show], i) => ({ name, show, inTurn: i % LOCALES.length === at }))
    for (const { name, show, inTurn } of scenes.filter((scene) => ALL || scene.inTurn)) {
      test(`${name}: axe finds nothing to mend in light and dark, keys lead everywhere, spaced text is whole, nothing lies beside 400 and 320 pixels`, async ({ page }) => {
        await show(page)
        const language = locale.slice(0, 2)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await expect(page.locator('html')).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr')
        // The tooltip of a button whose menu is open would lie over its entries.
        const nameless = await page.locator('button[aria-label]:not([title], .shade, [aria-haspopup=menu][aria-expanded=true])').evaluateAll((buttons) => buttons.filter((b) => b.textContent?.trim() === '').map((b) => b.outerHTML))
        expect.soft(nameless, 'without a tooltip').toEqual([])
        await page.emulateMedia({ reducedMotion: 'reduce' })
        await expect.poll(() => moving(page), 'moving by itself').toBe(0)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          // The page has no frame, for which the other mode opens another page each time.
          const axe = new AxeBuilder({ page }).setLegacyMode()
          const { violations } = await (colorScheme === 'dark' ? axe.withRules(COLOURS) : axe.options(RULES)).analyze()
          const found = violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html}`))
          expect.soft(found, colorScheme).toEqual([])
        }
        // The way round is the same in every language.
        if (inTurn && name !== ENDLESS) await walk(page)
        expect.soft(await clippedBySpacing(page), 'not whole with more space').toEqual([])
        if (OF_THE_LIST.includes(name)) return
        // A window of 1280 pixels at 400 % has 320 (WCAG 1.4.10).
        for (const [width, height] of [[400, 760], [320, 256]] as const) {
          await page.setViewportSize({ width, height })
          await expect.poll(() => overflow(page), String(width)).toEqual([0, []])
        }
      })
    }
  })
})

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' })

  test('the page speaks it', async ({ page }) => {
    await page.goto('/?empty')
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
    await expect(page.getByRole('heading')).toHaveText('Sur quoi travaillons-nous\u202f?')
    await ask(page, 'please fail')
    await expect(answer(page, 'failed').getByTestId('failure')).toContainText('Réessayez dans 20 secondes.')
  })
})

test.describe('in a language that is not there', () => {
  test.use({ locale: 'nl-NL' })

  test('the page speaks English', async ({ page }) => {
    await page.goto('/?empty')
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    await expect(page.getByRole('heading')).toHaveText('What are we working on?')
  })
})

test.describe('in 400 pixels', () => {
  test.use({ viewport: { width: 400, height: 760 } })

  test('the list lies over the conversation, and goes away after use', async ({ page }) => {
    await page.goto('/')
    const item = page.getByTestId('conversation-item').first()
    await expect(item).toBeHidden()
    const show = page.getByRole('button', { name: 'Show the conversations' })
    await show.click()
    await expect(item).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(item).toBeHidden()
    await page.keyboard.press('Control+Shift+f')
    await expect(page.getByTestId('search')).toBeFocused()
    await item.click()
    await expect(item).toBeHidden()
    await expect(page.getByTestId('message').first()).toBeVisible()
  })
})

test('everything grows with the text', async ({ page }) => {
  await page.goto('/?empty')
  const icon = page.getByTestId('attach').locator('svg')
  const size = async () => (await icon.boundingBox())?.width
  expect(await size()).toBe(18)
  await page.getByTestId('composer').waitFor()
  await page.evaluate(() => (document.documentElement.style.fontSize = '160%'))
  expect(await size()).toBeCloseTo(28.8)
  const middle = async (place: string) => {
    const box = await page.locator(place).first().boundingBox()
    return (box?.y ?? 0) + (box?.height ?? 0) / 2
  }
  expect(Math.abs((await middle('nav .search svg')) - (await middle('nav .search input')))).toBeLessThan(1)
  // The hint takes one line, or none where it finds no room.
  for (const width of [1280, 1000, 900, 800]) {
    await page.setViewportSize({ width, height: 700 })
    const lines = await page.locator('.hint').evaluate((hint) => hint.getBoundingClientRect().height / parseFloat(getComputedStyle(hint).fontSize))
    expect(lines, String(width)).toBeLessThan(1.6)
    await page.getByTestId('example').last().scrollIntoViewIfNeeded()
    await expect(page.getByTestId('example').last()).toBeInViewport({ ratio: 0.95 })
  }
})

test.describe('in Arabic', () => {
  test.use({ locale: 'ar-EG' })

  test('lines begin at the right, code at the left, and each text as its own letters do', async ({ page }) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.getByTestId('blocks').last().waitFor()
    const direction = (place: string) => page.locator(place).first().evaluate((e) => getComputedStyle(e).direction)
    expect(await direction('main')).toBe('rtl')
    expect(await direction('.prose .block p')).toBe('ltr')
    expect(await direction('.prose pre')).toBe('ltr')
    const left = async (place: string) => (await page.locator(place).first().boundingBox())?.x ?? 0
    expect(await left('nav')).toBeGreaterThan(await left('main'))
    // An icon that points along a line, which styles know by its name of before.
    const turned = await page.locator('.lucide-wrap-text').first().evaluate((e) => getComputedStyle(e).transform)
    expect(turned).toBe('matrix(-1, 0, 0, 1, 0, 0)')
    await page.getByTestId('composer').fill('مرحبا')
    expect(await direction('[data-testid=composer]')).toBe('rtl')
    await page.getByTestId('composer').fill('hello')
    expect(await direction('[data-testid=composer]')).toBe('ltr')
    // What was sent to the model is code, too.
    await page.getByTestId('outgoing').click()
    expect(await direction('[data-testid=outgoing-dialog] pre')).toBe('ltr')
    await page.keyboard.press('Escape')
    await page.getByTestId('exchange').last().click()
    expect(await direction('[data-testid=exchange-dialog] pre')).toBe('ltr')
  })

  test('a menu in a menu opens to the left, by the arrow that points there', async ({ page }) => {
    await page.goto('/?filed')
    await page.getByTestId('conversation-actions').first().press('Enter')
    await page.getByTestId('move').focus()
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByTestId('move-new')).toBeVisible()
    const [menu, within] = [await page.getByTestId('move').boundingBox(), await page.getByTestId('move-new').boundingBox()]
    expect(within?.x ?? 0).toBeLessThan(menu?.x ?? 0)
    await page.keyboard.press('ArrowRight')
    await expect(page.getByTestId('move-new')).toHaveCount(0)
  })
})

test.describe('with the colours of the system alone', () => {
  test.use({ contextOptions: { forcedColors: 'active' } })

  test('what is chosen and what has the focus are told apart', async ({ page }) => {
    await page.goto('/')
    await page.getByTestId('open-settings').click()
    await page.getByTestId('section-appearance').click()
    const marks = (place: string) => page.locator(place).evaluateAll((all) => all.map((e) => getComputedStyle(e).outlineStyle))
    expect(await marks('.segments input:checked + span')).not.toContain('none')
    expect(new Set(await marks('.segments input:not(:checked) + span'))).toEqual(new Set(['none']))
    await page.getByTestId('section-general').click()
    const knobs = await page.locator('[role=switch] i').evaluateAll((all) => all.map((e) => getComputedStyle(e).backgroundColor))
    expect(knobs.length).toBeGreaterThan(0)
    const canvas = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    for (const knob of knobs) expect(knob).not.toBe(canvas)
    await page.keyboard.press('Tab')
    expect(await marks(':focus-visible')).toEqual(['solid'])
  })
})

test('an answer that arrives is read by sentences, each once', async ({ page }) => {
  await page.goto('/?empty')
  await page.getByTestId('composer').waitFor()
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    const place = document.querySelector('[data-testid=said]') as Element
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) said.push(node.textContent ?? '')
    }).observe(place, { childList: true })
  })
  await ask(page, 'hello')
  await answer(page, 'complete').waitFor()
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said)
  expect(said.length).toBeGreaterThan(1)
  expect(new Set(said).size).toBe(said.length)
  for (const sentence of said) expect(sentence, said.join('|')).toMatch(/[.!?:]$|^Code$|^- /u)
  const whole = (await answer(page, 'complete').getByTestId('blocks').innerText()).replace(/\s+/gu, ' ')
  expect(whole).toContain(said[0])
})

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('nothing moves by itself', async ({ page }) => {
    await page.goto('/?empty')
    await ask(page, 'a long one')
    await expect(answer(page, 'streaming')).toContainText('word')
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  })
})
