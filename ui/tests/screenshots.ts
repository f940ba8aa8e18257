import { join } from 'node:path'
import { test } from '@playwright/test'
import { SCENES } from './scenes'

/** Where the pictures are put; each run replaces those of the one before. */
const FOLDER = process.env.BUREAU_SCREENSHOTS ?? 'test-results/screenshots'
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 400, height: 760 },
]

for (const locale of ['en-GB', 'fr-FR', 'ar-EG']) {
  test.describe(locale, () => {
    test.use({ locale, contextOptions: { reducedMotion: 'reduce' } })

    for (const [name, show] of Object.entries(SCENES)) {
      test(name, async ({ page }) => {
        const before = page.viewportSize()
        await show(page)
        const own = page.viewportSize()
        // The window for a quick question has a size of its own.
        const sizes = own && own.width !== before?.width ? [own] : SIZES
        for (const size of sizes) {
          await page.setViewportSize(size)
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme })
            const folder = `${size.width}x${size.height}, ${locale.slice(0, 2)}, ${colorScheme}`
            await page.screenshot({ path: join(FOLDER, folder, `${name}.png`) })
          }
        }
      })
    }
  })
}
