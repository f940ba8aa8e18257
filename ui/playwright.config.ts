import { defineConfig } from '@playwright/test'

const address = `http://localhost:${process.env.BUREAU_PAGE_PORT ?? 5171}`

export default defineConfig({
  testDir: 'tests',
  projects: [{ name: 'tests' }, { name: 'screenshots', testMatch: 'screenshots.ts' }],
  fullyParallel: true,
  workers: 2,
  reporter: 'list',
  // A busy machine is slow; what never comes still fails. What fails twice has failed; what needed
  // that is told as flaky.
  retries: 1,
  expect: { timeout: 20_000 },
  timeout: 60_000,
  use: {
    baseURL: address,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    launchOptions: {
      // The system's Chromium; as root it has no sandbox, and it must call nobody.
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: 'npx vite preview --mode fixtures',
    url: address,
    reuseExistingServer: false,
  },
})
