import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { test } from '@playwright/test'
import { openBureau, report } from './page'

test('what is loaded before the first screen', async ({ page }) => {
  const files = [...(await openBureau(page))]
  const code = files.filter((path) => /\.(?:js|css)$/u.test(path)).map((path) => gzipSync(readFileSync(path)).length)
  const fonts = files.filter((path) => path.endsWith('.woff2')).map((path) => readFileSync(path).length)
  const sum = (sizes: number[]) => sizes.reduce((all, size) => all + size, 0)
  report('loaded', { code: sum(code), fonts: sum(fonts) })
})
