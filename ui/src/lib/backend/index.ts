import type { Backend } from './backend'

/** The program where the page runs in its window; fixtures in a build made for a plain browser. */
export async function connect(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauri
  if (import.meta.env.MODE === 'fixtures') {
    return (await import('./fixtures')).fixtures(new URLSearchParams(location.search))
  }
  throw new Error('Bureau runs in its own window, not in a browser')
}
