// Takes the pictures of docs/images from a demonstration filled by seed.mjs. Usage: BASE_URL=http://127.0.0.1:8090 node tests/pictures.mjs
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BASE = process.env.BASE_URL ?? 'http://127.0.0.1:8090';
const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const PASSWORD = 'jixiao-demo-2024';
const SHOTS = [
  ['city-auditor', '/?year=2024&period=YEAR_END', 'overview'],
  ['city-auditor', '/declarations/440118002/2024', 'declaration'],
  ['city-filer', '/tasks', 'reporting', async (page) => {
    await page.getByRole('table').getByRole('link', { name: '填报' }).first().click();
    await page.getByRole('button', { name: /更多填报内容/ }).nth(1).click();
  }],
  ['city-finance', '/review', 'review', async (page) => page.getByRole('row', { name: /2025/ }).getByRole('link', { name: '审核' }).first().click()],
  ['city-auditor', '/audit?year=2024&period=YEAR_END', 'audit'],
  ['city-auditor', '/indicators?year=2024&period=YEAR_END', 'explanation', async (page) => page.getByRole('button', { name: /计算过程/ }).first().click()],
];
SHOTS.push(
  ['city-auditor', '/audit/findings', 'findings'],
  ['admin', '/admin/schemes', 'schemes', async (page) => {
    const panel = page.locator('section', { has: page.getByRole('heading', { name: /试算/ }) });
    await panel.getByLabel('方案版本').selectOption({ index: 3 });
    await panel.getByRole('button', { name: '试算' }).click();
    await panel.getByRole('row').nth(1).waitFor();
    await panel.scrollIntoViewIfNeeded();
  }],
);
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [width, height] of [[1280, 900], [390, 844]]) {
  for (const [user, path, name, act] of SHOTS) {
    const context = await browser.newContext({ baseURL: BASE, viewport: { width, height }, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.getByLabel('用户名').fill(user);
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('正在加载').first().waitFor({ state: 'hidden' });
    await act?.(page);
    await page.waitForTimeout(1200);
    await page.screenshot({ path: `${FOLDER}${name}-${width}.png` });
    await context.close();
  }
}
await browser.close();
