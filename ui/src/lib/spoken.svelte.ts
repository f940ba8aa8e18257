import { CATALOGUES } from './paraglide/catalogues'

export type Locale = keyof typeof CATALOGUES
/** A text, or its forms by the categories of the language's plural (CLDR). */
export type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>
/** Every text of one language, in the order of the keys. */
export type Texts = readonly Text[]

const isLocale = (tag: string | null | undefined): tag is Locale => Object.hasOwn(CATALOGUES, tag ?? '')

/** What the system speaks, as far as the page does. */
const system = () => navigator.languages.map((tag) => tag.split('-')[0]).find(isLocale) ?? 'en'

let spoken = $state.raw<{ locale: Locale; texts: Texts }>({ locale: 'en', texts: [] })
let wanted: Locale | null = null

let region = $state.raw<string | null>(null)

/** The locale in which the system writes dates and numbers, as far as it is known: web views need not say it. */
export const getRegion = (): string | null => region

export function setRegion(locale: string | null): void {
  try {
    region = locale && new Intl.Locale(locale).toString()
  } catch {
    // One that is called as no locale is has no region.
    region = null
  }
}

/** Speaks a language, or the system's where it is none of the page's. All that is shown changes once its texts are loaded. */
export async function speak(language: string | null): Promise<void> {
  const locale = isLocale(language) ? language : system()
  if (locale === wanted) return
  wanted = locale
  const { default: texts } = await CATALOGUES[locale]()
  // Another one was chosen meanwhile.
  if (locale === wanted) spoken = { locale, texts }
}

/** The language that the page speaks. */
export const getLocale = (): Locale => spoken.locale

export const textAt = (at: number): Text => spoken.texts[at] ?? ''

/** Where the lines of the language begin. */
export const direction = (): 'ltr' | 'rtl' => (spoken.locale === 'ar' ? 'rtl' : 'ltr')
