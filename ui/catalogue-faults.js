// What makes a catalogue of `messages/` unfit to be built: `compile-messages.js` ends the build with it.

/** The languages that must have every text. In another one, what is missing is said in English. */
export const COMPLETE = ['en', 'fr', 'es', 'de', 'pt', 'it', 'ja', 'ar']
/** The number that chooses among the forms of a text: `{ "one": "{count} page", "other": "{count} pages" }`. */
export const COUNT = 'count'

/** @typedef {string | Record<string, string>} Text */

/** @returns {string[]} */
const forms = (/** @type {Text} */ text) => (typeof text === 'string' ? [text] : Object.values(text))

/** The places of a text that are filled in. @returns {string[]} */
export const places = (/** @type {Text} */ text) =>
  [...new Set(forms(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? '')))].sort()

/** What is wrong with a catalogue. @returns {string[]} */
export function faults(/** @type {string} */ locale, /** @type {Record<string, Text>} */ base, /** @type {Record<string, Text>} */ own) {
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

/** The keys that a catalogue has more than once: of their texts, all but the last would be lost unseen. @returns {string[]} */
export function repeated(/** @type {string} */ text) {
  const own = [...text.matchAll(/^ {2}"(\w+)":/gmu)].map(([, key]) => key ?? '')
  return own.filter((key, at) => own.indexOf(key) !== at)
}
