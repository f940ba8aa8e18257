import { defineConfig } from '@playwright/test'
import tests from '../playwright.config'

/** What is measured is measured alone, in the browser of the tests, however long it takes. */
export default defineConfig({
  testMatch: '*.bench.ts',
  outputDir: '../test-results/bench',
  workers: 1,
  timeout: 0,
  reporter: 'list',
  use: tests.use,
})
