import { speak } from './spoken.svelte'

// The tests of the page speak English, also where there is no navigator to ask.
globalThis.navigator ??= { languages: ['en'] } as unknown as Navigator
await speak('en')
