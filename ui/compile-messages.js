// Makes the page's texts of the catalogues in `messages/`: a function for each text, and for each language a file of
// its own, which the page loads when it speaks it. A catalogue that lacks a text, has one too many or one twice, or fills
// other places than English does, fails the build.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { COMPLETE, COUNT, faults, places, repeated } from './catalogue-faults.js'

/** What all others are compared with. */
const BASE = 'en'

const catalogues = new URL('messages/', import.meta.url)
const target = new URL('src/lib/paraglide/', import.meta.url)

/** @returns {Record<string, import('./catalogue-faults.js').Text>} */
function read(/** @type {string} */ locale) {
  return JSON.parse(source(locale))
}

/** @returns {string} */
const source = (/** @type {string} */ locale) => readFileSync(new URL(`${locale}.json`, catalogues), 'utf8')

const locales = readdirSync(catalogues).map((file) => file.replace('.json', ''))
const texts = Object.fromEntries(locales.map((locale) => [locale, read(locale)]))
const base = texts[BASE] ?? {}
const found = locales.flatMap((locale) => faults(locale, base, texts[locale] ?? {}).map((fault) => `messages/${locale}.json: ${fault}`))
for (const locale of locales) for (const key of repeated(source(locale))) found.push(`messages/${locale}.json: ${key} is there twice`)
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
