import { defineConfig } from '@playwright/test'

// Debian's Chromium, because no browser is downloaded. Background networking is
// off: tests talk to loopback only.
export default defineConfig({
  testDir: '.',
  // What is timed is measured on a machine that does nothing else.
  testMatch: process.env.MEASURE ? '*.measure.ts' : '*.spec.ts',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  timeout: 240_000,
  // Generous, because the machine may be slow; a test that holds does not wait.
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Europe/Berlin',
    trace: 'off',
    screenshot: 'only-on-failure',
  },
})
