// Makes the page's texts of the catalogues in `messages/`: a function for each text, and for each language a file of
// its own, which the page loads when it speaks it. A catalogue that lacks a text, has one too many, or fills other places
// than English does, fails the build.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/** What all others are compared with. */
const BASE = 'en'
/** The languages that must have every text. In another one, what is missing is said in English. */
const COMPLETE = ['en', 'fr', 'es', 'de', 'pt', 'it', 'ja', 'ar']
/** The number that chooses among the forms of a text: `{ "one": "{count} page", "other": "{count} pages" }`. */
const COUNT = 'count'

const catalogues = new URL('messages/', import.meta.url)
const target = new URL('src/lib/paraglide/', import.meta.url)

/** @typedef {string | Record<string, string>} Text */

/** @returns {Record<string, Text>} */
function read(/** @type {string} */ locale) {
  return JSON.parse(readFileSync(new URL(`${locale}.json`, catalogues), 'utf8'))
}

/** @returns {string[]} */
const forms = (/** @type {Text} */ text) => (typeof text === 'string' ? [text] : Object.values(text))

/** The places of a text that are filled in. @returns {string[]} */
const places = (/** @type {Text} */ text) =>
  [...new Set(forms(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? '')))].sort()

/** What is wrong with a catalogue. @returns {string[]} */
function faults(/** @type {string} */ locale, /** @type {Record<string, Text>} */ base, /** @type {Record<string, Text>} */ own) {
  const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
  const told = []
  for (const key of Object.keys(own)) if (!(key in base)) told.push(`${key} is in no other catalogue`)
  for (const [key, text] of Object.entries(base)) {
    const translated = own[key]
    if (translated === undefined) {
      if (COMPLETE.includes(locale)) told.push(`${key} is missing`)
      continue
    }
    if (forms(translated).some((form) => typeof form !== 'string' || form.trim() === '')) told.push(`${key} is empty`)
    if ((typeof text === 'string') !== (typeof translated === 'string')) told.push(`${key} has forms in one language only`)
    else if (places(translated).join() !== places(text).join()) told.push(`${key} fills {${places(translated)}}, English {${places(text)}}`)
    if (typeof translated === 'string') continue
    const missing = categories.filter((category) => !(category in translated))
    const unknown = Object.keys(translated).filter((category) => !categories.includes(category))
    if (missing.length > 0) told.push(`${key} lacks the form of: ${missing}`)
    if (unknown.length > 0) told.push(`${key} has a form that the language does not know: ${unknown}`)
    if (!places(translated).includes(COUNT)) told.push(`${key} has forms, but no {${COUNT}}`)
  }
  return told
}

const locales = readdirSync(catalogues).map((file) => file.replace('.json', ''))
const texts = Object.fromEntries(locales.map((locale) => [locale, read(locale)]))
const base = texts[BASE] ?? {}
const found = locales.flatMap((locale) => faults(locale, base, texts[locale] ?? {}).map((fault) => `messages/${locale}.json: ${fault}`))
for (const locale of COMPLETE) if (!locales.includes(locale)) found.push(`messages/${locale}.json is missing`)
if (found.length > 0) {
  console.error(found.join('\n'))
  process.exit(1)
}

const NOTE = '// Made by compile-messages.js; do not edit.\n'
const keys = Object.keys(base)
const functions = keys.map((key, at) => {
  const names = places(base[key] ?? '')
  const types = names.map((name) => `${name}: ${typeof base[key] === 'string' || name !== COUNT ? 'string | number' : 'number'}`)
  const [taken, given] = names.length > 0 ? [`values: { ${types.join('; ')} }`, `${at}, values`] : ['', at]
  return `const $${key} = (${taken}) => text(${given})\nexport { $${key} as ${key} }\n`
})
const loaders = locales.map((locale) => `  ${locale}: () => import('./${locale}'),\n`)

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const write = (/** @type {string} */ name, /** @type {string} */ content) => writeFileSync(new URL(name, target), NOTE + content)
write('keys.ts', `import { text } from '../text'\n\n${functions.join('')}`)
write('messages.ts', "export * as m from './keys'\n")
write('catalogues.ts', `/** Every language that the page speaks, and its texts in the order of the keys. */\nexport const CATALOGUES = {\n${loaders.join('')}}\n`)
for (const locale of locales) {
  const own = keys.map((key) => texts[locale]?.[key] ?? base[key])
  write(`${locale}.ts`, `import type { Texts } from '../spoken.svelte'\n\nconst texts: Texts = ${JSON.stringify(own)}\nexport default texts\n`)
}
