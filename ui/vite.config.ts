import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { staticIcons } from './static-icons.ts'

type Directives = Record<string, string>

/** The window's own content security policy, so that the preview refuses what the window would. */
function contentSecurityPolicy(): string {
  const shell = JSON.parse(readFileSync(new URL('../tauri.conf.json', import.meta.url), 'utf8')) as {
    app: { security: { csp: Directives } }
  }
  return Object.entries(shell.app.security.csp)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')
}

/** What is built into the page, each with its licence. */
function components() {
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
  return Object.keys(read('package.json').dependencies).map((name) => {
    const { version, license } = read(`node_modules/${name}/package.json`)
    return { name, version, licence: license }
  })
}

/** Where the page is tested; another copy of the project may hold the usual port. */
const port = Number(process.env.BUREAU_PAGE_PORT ?? 5171)

interface Modules {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null
}

/** The libraries that draw menus and dialogs. */
const LAYERS = /\/node_modules\/(?!@fontsource|@lucide\/|@tauri-apps\/|svelte\/)/u

/** A module, and all that comes with it: what it imports, and what that imports. */
function withImports(id: string, modules: Modules): Set<string> {
  const all = new Set<string>()
  const next = [id]
  for (let at = next.pop(); at; at = next.pop()) {
    if (all.has(at)) continue
    all.add(at)
    next.push(...(modules.getModuleInfo(at)?.importedIds ?? []))
  }
  return all
}

let begun: Set<string> | undefined

/** Whether a module is needed before the first screen: the page's beginning comes with it. */
function begins(id: string, modules: Modules): boolean {
  begun ??= withImports(fileURLToPath(new URL('src/main.ts', import.meta.url)), modules)
  return begun.has(id)
}

/** Whether what draws menus and dialogs comes with a module. */
function draws(id: string, modules: Modules): boolean {
  return [...withImports(id, modules)].some((imported) => imported.includes('/node_modules/bits-ui/'))
}

export default defineConfig(({ mode }) => ({
  plugins: [staticIcons(), svelte()],
  define: { __COMPONENTS__: JSON.stringify(components()) },
  base: './',
  build: {
    outDir: mode === 'fixtures' ? 'dist-fixtures' : 'dist',
    target: 'safari16.4',
    // The policy allows fonts from files alone, and no fetch: nothing is inlined or preloaded.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What several parts share would be dozens of small files, which compress badly. What the first screen does not need
    // does not come with it, and menus and dialogs only with the first of them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Each takes along what it needs, so what is needed first is taken first.
            { name: (id, modules) => (begins(id, modules) ? 'first' : null), debugName: 'what begins', minShareCount: 2, priority: 3 },
            { name: 'layered', test: LAYERS, priority: 2 },
            { name: (id, modules) => (draws(id, modules) ? null : 'later'), debugName: 'what comes later', minShareCount: 3, priority: 1 },
            { name: 'drawn', minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: { port: 5170, strictPort: true },
  preview: { port, strictPort: true, headers: { 'Content-Security-Policy': contentSecurityPolicy() } },
  // The stores are tested as the browser runs them.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: { include: ['src/**/*.test.ts'], setupFiles: ['src/lib/speaking.ts'] },
}))
