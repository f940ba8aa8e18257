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

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: './',
  build: {
    outDir: mode === 'fixtures' ? 'dist-fixtures' : 'dist',
    target: 'safari16.4',
    // The policy allows fonts from files alone, and no fetch: nothing is inlined or preloaded.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5170, strictPort: true },
  preview: { port: 5171, strictPort: true, headers: { 'Content-Security-Policy': contentSecurityPolicy() } },
  // The stores are tested as the browser runs them.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: { include: ['src/**/*.test.ts'] },
}))
