import { readFileSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

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

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  define: { __COMPONENTS__: JSON.stringify(components()) },
  base: './',
  build: {
    outDir: mode === 'fixtures' ? 'dist-fixtures' : 'dist',
    target: 'safari16.4',
    // The policy allows fonts from files alone, and no fetch: nothing is inlined or preloaded.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What several parts share would be dozens of small files, which compress badly: most of it is loaded at once anyway.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 3 }] } } },
  },
  server: { port: 5170, strictPort: true },
  preview: { port, strictPort: true, headers: { 'Content-Security-Policy': contentSecurityPolicy() } },
  // The stores are tested as the browser runs them.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: { include: ['src/**/*.test.ts'], setupFiles: ['src/lib/speaking.ts'] },
}))
