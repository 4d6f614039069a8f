import { accessible, api, DEPARTMENT, expect, fits, signIn, test, YEAR } from './support';

test('a wrong password is told, and nothing is opened without signing in', async ({ page }) => {
  await page.goto('/declarations');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('用户名').fill('auditor');
  await page.getByLabel('密码').fill('not the password');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await accessible(page);
});

test('the overview shows what the service computed, and explains it', async ({ page, request }) => {
  const { achievementSummary } = await api<{ achievementSummary: { totals: { achievementRate: string; indicatorCount: number } } }>(
    request,
    'auditor',
    `{ achievementSummary(filter: { fiscalYears: [${YEAR}] }, groupBy: [LEVEL1], first: 10) { totals { achievementRate indicatorCount } } }`,
  );
  await signIn(page, 'auditor', `/?year=${YEAR}`);
  const { achievementRate, indicatorCount } = achievementSummary.totals;
  const percent = `${Number(achievementRate.slice(2, 4))}.${achievementRate.slice(4, 6)}`;
  const figure = page.getByRole('button', { name: /指标达成率/ }).first();
  await expect(figure).toContainText(percent);
  await figure.click();
  await expect(page.getByRole('dialog')).toContainText(achievementRate);
  await expect(page.getByRole('dialog')).toContainText(String(indicatorCount));
  await accessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.locator('canvas').first()).toBeVisible();
  await accessible(page);
});

test('each mark of the overview leads to the list behind it', async ({ page }) => {
  await signIn(page, 'auditor', `/?year=${YEAR}`);
  await page.getByRole('link', { name: /部分完成/ }).click();
  await expect(page).toHaveURL(/\/indicators\?.*status=PARTIALLY_ACHIEVED/);
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('部分完成');
  await accessible(page);
  await page.goBack();
  await page.getByRole('link', { name: /优 1/ }).click();
  await expect(page).toHaveURL(/\/declarations\?.*grade=EXCELLENT/);
  await expect(page.getByRole('link', { name: '广州市增城区民政局' })).toBeVisible();
  await accessible(page);
});

test('a chart can be read as a table', async ({ page }) => {
  await signIn(page, 'auditor', `/?year=${YEAR}`);
  await page.getByRole('button', { name: /预算执行与指标达成/ }).click();
  await expect(page.getByRole('cell', { name: '96.88 %' })).toBeVisible();
});

test('the declaration: the official form, and every number explained step by step', async ({ page }) => {
  await signIn(page, 'auditor', `/declarations/${DEPARTMENT}/${YEAR}`);
  await expect(page.getByRole('cell', { name: '51,480.81' }).first()).toBeVisible();
  await expect(page.getByRole('rowheader', { name: /低保资金社会化发放率/ })).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: /超额完成.*低保资金社会化发放率/ }).last().click();
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('1.091111');
  await expect(drawer).toContainText('CN-2020');
  await accessible(page);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await page.getByText('变更记录').click();
  await expect(page.getByText('DECLARATION_IMPORT')).toBeVisible();
});

test('the past of a declaration, moment by moment', async ({ page }) => {
  await signIn(page, 'filer', `/declarations/${DEPARTMENT}/${YEAR}`);
  // By keyboard back to the first moment, in which nothing was recorded yet.
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText('回到现在')).toBeVisible();
  await expect(page.getByText('当时：—').first()).toBeVisible();
  await page.getByText('回到现在').click();
  await expect(page.getByText('当时：—')).toHaveCount(0);
});

test('a ranking of 5,000 departments is scrolled to its end with few rows in the page', async ({ page }) => {
  const all = 5_000;
  // The service's own answer, made long.
  await page.route('**/graphql', async (route) => {
    const asked = (route.request().postDataJSON() ?? {}) as { query?: string; variables?: { after?: string | null; first: number } };
    if (!asked.query?.includes('query DepartmentRanking')) return route.continue();
    const answer = await route.fetch({ postData: JSON.stringify({ ...asked, variables: { ...asked.variables, after: null } }) });
    const { data } = (await answer.json()) as { data: { achievementSummary: { edges: { node: { dimensions: object[] } }[] } } };
    const from = Number(asked.variables?.after ?? 0);
    const to = Math.min(all, from + (asked.variables?.first ?? 0));
    const [edge] = data.achievementSummary.edges;
    const edges = Array.from({ length: to - from }, (_, index) => ({ node: { ...edge?.node, dimensions: [{ key: String(from + index), label: `部门${from + index + 1}` }] } }));
    return route.fulfill({ json: { data: { achievementSummary: { edges, pageInfo: { hasNextPage: to < all, endCursor: String(to) } } } } });
  });
  await signIn(page, 'auditor', `/?year=${YEAR}`);
  const table = page.getByRole('table', { name: '部门排名' });
  await expect(table).toContainText('部门1');
  const told = await table.evaluate(async (frame) => {
    const frames: number[] = [];
    let [rows, before] = [0, performance.now()];
    while (!frame.textContent?.includes('部门5000')) {
      frame.scrollTop += 400;
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - before);
      before = now;
      rows = Math.max(rows, frame.querySelectorAll('[role=row]').length);
    }
    frames.sort((one, other) => one - other);
    return { rows, frames: frames.length, median: frames[Math.floor(frames.length / 2)], p99: frames[Math.floor(frames.length * 0.99)] };
  });
  console.log('5,000 departments scrolled:', JSON.stringify(told));
  expect(told.rows).toBeLessThan(60);
  await accessible(page);
});

test('English, and a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'auditor', `/?year=${YEAR}`);
  await fits(page);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Performance overview' })).toBeVisible();
  for (const path of [`/declarations/${DEPARTMENT}/${YEAR}`, '/declarations', `/indicators?year=${YEAR}`, '/audit', '/audit/log', '/public']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText(/^Loading/)).toHaveCount(0);
    await fits(page);
  }
});

test('prints the form without what is for the screen only', async ({ page }) => {
  await signIn(page, 'auditor', `/declarations/${DEPARTMENT}/${YEAR}`);
  await expect(page.getByRole('rowheader', { name: /火化率/ })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('button', { name: '打印' })).toBeHidden();
  await expect(page.getByRole('rowheader', { name: /火化率/ })).toBeVisible();
});

test('the first load of the overview stays below 400 KB compressed', async ({ page, browser, baseURL }) => {
  await signIn(page, 'auditor');
  const cold = await browser.newContext({ baseURL, storageState: await page.context().storageState() });
  const fresh = await cold.newPage();
  await fresh.goto(`/?year=${YEAR}`);
  await expect(fresh.locator('canvas').first()).toBeVisible();
  const weight = await fresh.evaluate(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] as PerformanceResourceTiming[];
    return all.filter((it) => !it.name.includes('/graphql')).reduce((sum, it) => sum + it.encodedBodySize, 0);
  });
  console.log(`first load of the overview with its charts: ${weight} bytes`);
  expect(weight).toBeGreaterThan(50_000);
  expect(weight).toBeLessThan(400_000);
  await cold.close();
});
