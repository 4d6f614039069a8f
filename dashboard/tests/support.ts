import AxeBuilder from '@axe-core/playwright';
import { expect, test as plain, type APIRequestContext, type Page } from '@playwright/test';

export const PASSWORD = 'jixiao-demo-2024';
export const DEPARTMENT = '440118001';
export const YEAR = 2024;
export type DemoUser = 'filer' | 'department' | 'finance' | 'auditor' | 'admin';

/** Every page of every test: no console error, no report of the policy, no request to another host. */
export const test = plain.extend<{ watched: undefined }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      watch(page, baseURL ?? '', complaints);
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

export function watch(page: Page, baseURL: string, complaints: string[]): void {
  const host = new URL(baseURL).host;
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.host !== host) complaints.push(`request to ${url.host}`);
  });
  void page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
}

export async function signIn(page: Page, user: string, path = '/'): Promise<void> {
  await page.goto(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel('用户名').fill(user);
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('button', { name: '退出登录' })).toBeVisible();
}

/** No violation that keeps people from using the page. */
export async function accessible(page: Page): Promise<void> {
  // What fades in has no contrast yet, what fades out none any more: a message that goes by itself is waited for.
  await expect(page.locator('.el-message')).toHaveCount(0);
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
        .map((one) => one.finished),
    ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter((it) => it.impact === 'serious' || it.impact === 'critical');
  expect(grave.map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)).toEqual([]);
}

/** The page is no wider than the screen. */
export async function fits(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(screen ?? 0);
}

/** What the service says, asked directly: what a test compares the page with. */
export async function api<Data>(request: APIRequestContext, user: string, query: string, variables: object = {}): Promise<Data> {
  const signedIn = await request.post('/graphql', { data: { query: 'mutation($u:String!,$p:String!){signIn(username:$u,password:$p){accessToken}}', variables: { u: user, p: PASSWORD } } });
  const token = ((await signedIn.json()) as { data: { signIn: { accessToken: string } } }).data.signIn.accessToken;
  const answer = await request.post('/graphql', { data: { query, variables }, headers: { authorization: `Bearer ${token}` } });
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}
