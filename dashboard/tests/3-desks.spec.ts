import { readFileSync } from 'node:fs';
import { accessible, api, DEPARTMENT, expect, signIn, test, YEAR } from './support';

test('the auditor turns the summary, takes it along, and verifies the log', async ({ page }) => {
  await signIn(page, 'auditor', `/audit?year=${YEAR}&rows=LEVEL1&columns=STATUS&measure=indicatorCount`);
  await expect(page.getByRole('columnheader', { name: '超额完成' })).toBeVisible();
  const total = page.getByRole('row', { name: /^合计/ });
  await expect(total).toContainText('14');
  await accessible(page);
  await page.getByLabel('行').selectOption('DEPARTMENT');
  await expect(page.getByRole('rowheader', { name: '广州市增城区民政局' })).toBeVisible();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载 CSV' }).click();
  const text = readFileSync(await (await waiting).path(), 'utf8');
  expect(text).toContain('广州市增城区民政局');
  expect(text.startsWith('\uFEFF部门,')).toBe(true);

  await page.getByRole('link', { name: '日志核验' }).click();
  await expect(page.getByText('日志完整，未被改动')).toBeVisible();
  await accessible(page);
  await page.getByRole('link', { name: '访问日志' }).click();
  await expect(page.getByRole('cell', { name: '查看历史时点' }).first()).toBeVisible();
  await accessible(page);
});

test('an indicator of the unmet list is explained, and leads to its place in the form', async ({ page }) => {
  await signIn(page, 'auditor', `/indicators?year=${YEAR}`);
  await page.getByRole('button', { name: /计算过程/ }).first().click();
  await expect(page.getByRole('dialog')).toContainText('完成状态');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3);
  await page.getByLabel('按文字查找指标').fill('留守');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载 CSV' }).click();
  expect(readFileSync(await (await waiting).path(), 'utf8').trim().split('\r\n').length).toBeGreaterThan(1);
  const workbook = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载 Excel' }).click();
  expect((await workbook).suggestedFilename()).toBe('indicators.xlsx');
  expect(readFileSync(await (await workbook).path()).subarray(0, 2).toString()).toBe('PK');
  await page.getByRole('link', { name: '广州市增城区民政局' }).first().click();
  await expect(page).toHaveURL(/#indicator-/);
});

test('the administrator makes an account, gives and takes a role, and closes it', async ({ page, request }) => {
  await signIn(page, 'admin', '/admin');
  await accessible(page);
  const username = `tester-${Date.now()}`;
  await page.getByRole('button', { name: '新建账号' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('登录名').fill(username);
  await dialog.getByLabel('显示名').fill('测试填报人');
  await dialog.getByLabel(/初始密码/).fill('short');
  await dialog.getByLabel('部门代码').fill(DEPARTMENT);
  await dialog.getByRole('button', { name: '确定' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await accessible(page);
  await dialog.getByLabel(/初始密码/).fill('long-enough-2024');
  await dialog.getByRole('button', { name: '确定' }).click();
  const row = page.getByRole('row', { name: new RegExp(username) });
  await expect(row).toContainText('单位填报人');
  await row.getByRole('button', { name: '停用' }).click();
  await expect(row).toHaveCount(0);
  const { users } = await api<{ users: { edges: { node: { username: string; disabledAt: string | null } }[] } }>(request, 'admin', '{ users(first: 100) { edges { node { username disabledAt } } } }');
  expect(users.edges.find(({ node }) => node.username === username)?.node.disabledAt).toBeTruthy();
});

test('windows and schemes', async ({ page }) => {
  await signIn(page, 'admin', '/admin/windows');
  await expect(page.getByRole('cell', { name: '年中监控' }).first()).toBeVisible();
  await accessible(page);
  await page.getByRole('link', { name: '评分方案' }).click();
  await page.getByRole('row', { name: /CN-2020/ }).getByRole('button', { name: '查看文档' }).click();
  await expect(page.getByRole('dialog')).toContainText('CN-2020');
  await accessible(page);
  await page.keyboard.press('Escape');

  // What another scheme would make of it, before anybody is told to use it.
  const panel = page.locator('section', { has: page.getByRole('heading', { name: /试算/ }) });
  await panel.getByLabel('方案版本').selectOption({ label: (await panel.getByLabel('方案版本').locator('option', { hasText: 'EXECUTION-20' }).first().textContent()) ?? '' });
  await panel.getByRole('button', { name: '试算' }).click();
  const row = panel.getByRole('row', { name: /广州市增城区民政局/ });
  await expect(row).toContainText('→');
  await accessible(page);
  await row.getByRole('button', { name: /项/ }).click();
  await expect(page.getByRole('dialog')).toContainText('→');
  await accessible(page);
});

test('everybody reads what is published', async ({ page, request }) => {
  const { declaration } = await api<{ declaration: { id: string; publications: { kind: string; revision: number; status: string }[] } }>(
    request,
    'department',
    `{ declaration(departmentCode: "${DEPARTMENT}", fiscalYear: ${YEAR}) { id publications { kind revision status } } }`,
  );
  const targets = declaration.publications.find((it) => it.kind === 'TARGETS');
  if (!targets || targets.status === 'PENDING')
    await api(request, 'department', 'mutation($input: PublicationPublishInput!) { publicationPublish(input: $input) { userErrors { message } } }', {
      input: { declarationId: declaration.id, kind: 'TARGETS', version: 1, expectedRevision: targets?.revision ?? 0 },
    });
  await page.goto('/public');
  await accessible(page);
  await page.getByRole('link', { name: '广州市增城区民政局' }).first().click();
  await expect(page.getByRole('rowheader', { name: '火化率' })).toBeVisible();
  await expect(page.getByText('51,480.81').first()).toBeVisible();
  await accessible(page);
});

test('the auditor sets a finding aside with a note, takes that back, and takes the audit pack along', async ({ page }) => {
  await signIn(page, 'auditor', '/audit/findings?year=2024');
  const row = page.getByRole('row', { name: /评估结果均为合格以上/ });
  await expect(row).toContainText('A14');
  await accessible(page);
  await row.getByRole('button', { name: /^搁置/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('说明').fill('下年度补充分级标准');
  await accessible(page);
  await dialog.getByRole('button', { name: '确定' }).click();
  await expect(row).toHaveCount(0);
  await page.getByLabel('状态').selectOption('ASIDE');
  await expect(row).toContainText('下年度补充分级标准');
  await row.getByRole('button', { name: /^恢复/ }).click();
  await dialog.getByLabel('说明').fill('已核实，恢复');
  await dialog.getByRole('button', { name: '确定' }).click();
  await expect(row).toHaveCount(0);
  const [pack] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载审计包' }).click()]);
  expect(pack.suggestedFilename()).toBe('audit-pack.zip');
});
