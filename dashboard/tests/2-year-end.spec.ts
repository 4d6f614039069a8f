import { accessible, api, DEPARTMENT, expect, fits, signIn, test, watch, YEAR } from './support';

interface Stored {
  declaration: { report: { id: string; status: string; rows: { current: { text: string } | null; evidence: { fileName: string }[]; review: { score: string } | null }[] } };
}
const REPORT = `{ declaration(departmentCode: "${DEPARTMENT}", fiscalYear: ${YEAR}) { report(period: YEAR_END) { id status rows { current { text } evidence { fileName } review { score } } } } }`;
const NAME = '低保资金社会化发放率';

test.describe.configure({ mode: 'serial' });

test('the filer finds what is owed and fills in the sheet by keyboard and by paste', async ({ page, request }) => {
  await signIn(page, 'filer', '/tasks');
  await accessible(page);
  await page.getByRole('row', { name: /年终自评/ }).getByRole('link', { name: '填报' }).click();
  const first = page.getByRole('textbox', { name: `${NAME} 实际完成值` });
  await expect(first).toHaveValue('98.2%');
  await accessible(page);

  // What is typed is assessed by the service at once, before anything is recorded.
  await first.fill('45%');
  const row = page.getByRole('row', { name: new RegExp(NAME) });
  await expect(row).toContainText('未完成');
  await expect(page.getByText('草稿已保存到服务器')).toBeVisible();
  const half = await api<Stored>(request, 'filer', REPORT);
  expect(half.declaration.report.rows[0]?.current?.text).toBe('45%');

  // Enter goes down, the arrows back up.
  await first.press('Enter');
  await expect(page.getByRole('textbox', { name: '临时救助水平 实际完成值' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(first).toBeFocused();

  // A column copied from a spreadsheet.
  await page.getByRole('textbox', { name: '颐康服务站数量 实际完成值' }).focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '151个\r\n588张\r\n2,345人\r\n');
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('textbox', { name: '完成申请居家养老服务对象 实际完成值' })).toHaveValue('2,345人');
  await first.fill('98.6%');
  await expect(page.getByText('有未保存的修改…')).toBeVisible();
  await expect(page.getByText('草稿已保存到服务器')).toBeVisible();
  const done = await api<Stored>(request, 'filer', REPORT);
  expect(done.declaration.report.rows.slice(0, 6).map((it) => it.current?.text)).toEqual(['98.6%', '不低于上年水平', '100%', '151个', '588张', '2,345人']);
});

test('what two people change at once is shown with both values', async ({ page, browser, baseURL, request }) => {
  const { declaration } = await api<Stored & { declaration: { id: string } }>(request, 'filer', REPORT.replace('{ report', '{ id report'));
  const path = `/reports/${declaration.id}/YEAR_END`;
  await signIn(page, 'filer', path);
  const cell = page.getByRole('textbox', { name: '火化率 实际完成值' });
  await expect(cell).toHaveValue('100%');
  const other = await browser.newPage({ baseURL, locale: 'zh-CN' });
  const complaints: string[] = [];
  watch(other, baseURL ?? '', complaints);
  await signIn(other, 'filer', path);
  await other.getByRole('textbox', { name: '火化率 实际完成值' }).fill('99.1%');
  await expect(other.getByText('草稿已保存到服务器')).toBeVisible();

  await cell.fill('99.7%');
  const conflict = page.getByRole('alert').filter({ hasText: '他人刚修改了此项' });
  await expect(conflict).toContainText('99.1%');
  await expect(conflict).toContainText('我的：99.7%');
  await accessible(page);
  await conflict.getByRole('button', { name: '保留我的' }).click();
  await expect(page.getByText('草稿已保存到服务器')).toBeVisible();
  const { declaration: stored } = await api<Stored>(request, 'filer', REPORT);
  expect(stored.report.rows[6]?.current?.text).toBe('99.7%');
  expect(complaints).toEqual([]);
  await other.close();
});

test('values from a table in a file are tried, looked at, and recorded', async ({ page, request }, info) => {
  await signIn(page, 'filer', '/tasks');
  await page.getByRole('row', { name: /年终自评/ }).getByRole('link', { name: '填报' }).click();
  await page.getByRole('button', { name: '从文件填报' }).click();
  const dialog = page.getByRole('dialog');
  const table = '三级指标,实际完成值\n颐康服务站数量,152个\n没有此指标,1\n';
  await dialog.getByLabel('选择文件').setInputFiles({ name: '完成值.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await expect(dialog.getByRole('row', { name: /颐康服务站数量/ })).toContainText('152个');
  await expect(dialog.getByRole('row', { name: /B3|A3/ })).toContainText('没有此指标');
  await accessible(page);
  const stored = async () => (await api<Stored>(request, 'filer', REPORT)).declaration.report.rows[3]?.current?.text;
  expect(await stored()).toBe('151个');
  await dialog.getByRole('button', { name: '填报 1 行' }).click();
  await expect(page.getByRole('textbox', { name: '颐康服务站数量 实际完成值' })).toHaveValue('152个');
  expect(await stored()).toBe('152个');

  // The official form, taken along and handed in again.
  const [taken] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出 Excel' }).click()]);
  const path = info.outputPath(taken.suggestedFilename());
  await taken.saveAs(path);
  await page.getByRole('button', { name: '从文件填报' }).click();
  await dialog.getByLabel('选择文件').setInputFiles(path);
  await expect(dialog.getByRole('row', { name: /颐康服务站数量/ })).toContainText('152个');
  await dialog.getByRole('button', { name: /填报 \d+ 行/ }).click();
  await expect(dialog).toBeHidden();
  expect(await stored()).toBe('152个');
});

test('who looks at the declaration sees at once what somebody records', async ({ page, request }) => {
  const listening = page.waitForResponse((answer) => answer.headers()['content-type']?.startsWith('text/event-stream') ?? false);
  await signIn(page, 'auditor', `/declarations/${DEPARTMENT}/${YEAR}`);
  await listening;
  const row = page.getByRole('row', { name: /火化率/ });
  await expect(row).toContainText('99.7%');
  const { declaration } = await api<{ declaration: { id: string; indicators: { id: string; name: string }[] } }>(
    request,
    'filer',
    `{ declaration(departmentCode: "${DEPARTMENT}", fiscalYear: ${YEAR}) { id indicators { id name } } }`,
  );
  const indicatorId = declaration.indicators.find((it) => it.name === '火化率')?.id;
  for (const text of ['99.8%', '99.7%']) {
    const recorded = page.waitForResponse((answer) => answer.request().postData()?.includes('DeclarationPage') ?? false);
    await api(request, 'filer', 'mutation($input: ActualValuesRecordInput!) { actualValuesRecord(input: $input) { userErrors { code } } }', {
      input: { declarationId: declaration.id, period: 'YEAR_END', entries: [{ indicatorId, text }] },
    });
    await recorded;
    await expect(row).toContainText(text);
  }
  await expect(page.getByText('已随他人填报更新')).toBeVisible();
  await accessible(page);
});

test('evidence is dropped on its row; a program in disguise is refused', async ({ page, request }) => {
  await signIn(page, 'filer', '/tasks');
  await page.getByRole('table').getByRole('link', { name: '填报' }).click();
  await page.getByRole('button', { name: `“${NAME}”的更多填报内容` }).click();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['地区,发放率\n增城,98.6%\n'], '发放统计.csv', { type: 'text/csv' }));
    document.querySelector('.drop')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('button', { name: '发放统计.csv', exact: true })).toBeVisible();
  await accessible(page);
  await page.locator('input[type=file]').setInputFiles({ name: '说明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\u0090\u0000 not a document') });
  await expect(page.getByText(/说明\.pdf|不被接受|无法识别|内容/).last()).toBeVisible();
  const { declaration } = await api<Stored>(request, 'filer', REPORT);
  expect(declaration.report.rows[0]?.evidence.map((it) => it.fileName)).toEqual(['发放统计.csv']);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '发放统计.csv', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('发放统计.csv');
});

test('a submit that is blocked names each place; mended, it goes through', async ({ page, request }) => {
  await signIn(page, 'filer', '/tasks');
  await page.getByRole('table').getByRole('link', { name: '填报' }).click();
  const cell = page.getByRole('textbox', { name: '社工服务站覆盖率 实际完成值' });
  await cell.fill('');
  await page.getByRole('button', { name: '提交报告' }).click();
  const blocked = page.getByRole('alert').filter({ hasText: '提交前须更正' });
  await expect(blocked).toContainText('社工服务站覆盖率');
  await accessible(page);
  await blocked.getByRole('listitem').filter({ hasText: '社工服务站覆盖率' }).first().getByRole('link', { name: '定位' }).click();
  await expect(cell).toBeInViewport();
  await cell.fill('100%');
  await page.getByRole('button', { name: '提交报告' }).click();
  await expect(page.getByText('主管部门审核中', { exact: false }).first()).toBeVisible();
  expect((await api<Stored>(request, 'filer', REPORT)).declaration.report.status).toBe('DEPARTMENT_REVIEW');
});

test('the sheet is a card for each indicator on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'filer', `/declarations/${DEPARTMENT}/${YEAR}`);
  await page.getByRole('link', { name: '打开报告' }).last().click();
  await expect(page.getByText('火化率').first()).toBeVisible();
  await fits(page);
});

test('the department forwards, finance returns with reasons, and it comes round again', async ({ page, request }) => {
  await signIn(page, 'department', '/review');
  await accessible(page);
  await page.getByRole('row', { name: /广州市增城区民政局/ }).getByRole('link', { name: '审核' }).click();
  await accessible(page);
  await page.getByRole('button', { name: '上报财政' }).click();
  await expect(page.getByText('没有待审核的事项。').first()).toBeVisible();
  await page.getByRole('button', { name: '退出登录' }).click();

  await signIn(page, 'finance', '/review');
  await page.getByRole('row', { name: /广州市增城区民政局/ }).getByRole('link', { name: '审核' }).click();
  await page.getByRole('button', { name: '退回' }).click();
  await page.getByLabel('总体理由').fill('佐证材料不足');
  await page.getByText('逐行理由（可选）').click();
  await page.getByLabel('“火化率”的退回理由').fill('请附火化登记统计');
  await accessible(page);
  await page.getByRole('dialog').getByRole('button', { name: '退回' }).click();
  await expect(page).toHaveURL(/\/review$/);
  await page.getByRole('button', { name: '退出登录' }).click();
  expect((await api<Stored>(request, 'filer', REPORT)).declaration.report.status).toBe('RETURNED');

  await signIn(page, 'filer', '/tasks');
  await page.getByRole('table').getByRole('link', { name: '填报' }).click();
  await expect(page.getByText('报告已被退回')).toBeVisible();
  await expect(page.getByText('请附火化登记统计')).toBeVisible();
  await page.getByRole('button', { name: '提交报告' }).click();
  await expect(page.getByText('主管部门审核中', { exact: false }).first()).toBeVisible();
  await page.getByRole('button', { name: '退出登录' }).click();
  await signIn(page, 'department', '/review');
  await page.getByRole('row', { name: /广州市增城区民政局/ }).getByRole('link', { name: '审核' }).click();
  await page.getByRole('button', { name: '上报财政' }).click();
  await expect(page.getByText('没有待审核的事项。').first()).toBeVisible();
});

test('finance scores beside the filer and accepts', async ({ page, request }) => {
  await signIn(page, 'finance', '/review');
  await page.getByRole('row', { name: /广州市增城区民政局/ }).getByRole('link', { name: '审核' }).click();
  await page.getByRole('textbox', { name: `${NAME} 复核得分` }).fill('4.00');
  await page.getByRole('button', { name: '保存复核' }).click();
  // Another score than the filer's needs an opinion.
  await expect(page.getByRole('row', { name: new RegExp(NAME) }).getByRole('alert')).toBeVisible();
  await page.getByRole('textbox', { name: `${NAME} 复核意见` }).fill('抽查两个镇街有延迟');
  await page.getByRole('button', { name: '保存复核' }).click();
  await expect(page.getByText('复核已保存')).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: '审核通过' }).click();
  await expect(page).toHaveURL(/\/review$/);
  const { declaration } = await api<Stored>(request, 'auditor', REPORT);
  expect(declaration.report.status).toBe('ACCEPTED');
  expect(declaration.report.rows[0]?.review?.score).toBe('4.00');
});
