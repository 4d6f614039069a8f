import { defineConfig } from '@playwright/test';

/** Against a running service: BASE_URL serves the built application and hands /graphql on to a fresh `jixiao demo`. */
export default defineConfig({
  testDir: 'tests',
  // One demonstration, one story: the tests go through its year in the order of their names.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    baseURL: process.env['BASE_URL'] ?? 'http://127.0.0.1:8090',
    locale: 'zh-CN',
    viewport: { width: 1280, height: 860 },
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
    screenshot: 'only-on-failure',
  },
});
