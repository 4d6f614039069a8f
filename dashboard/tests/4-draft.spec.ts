import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { accessible, api, DEPARTMENT, expect, signIn, test } from './support';

const FORM = readFileSync(new URL('../../tests/fixtures/zengcheng-civil-affairs-declaration.txt', import.meta.url), 'utf8');
const YEAR = 2025;

test('a form is imported after a look at how it is read; a target is read while it is typed', async ({ page, request }) => {
  await signIn(page, 'filer', '/declarations');
  await page.getByRole('button', { name: '导入申报表' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('年度').fill(String(YEAR));
  await dialog.getByLabel('申报表文本').fill(FORM);
  await dialog.getByRole('button', { name: '试导入' }).click();
  await expect(dialog).toContainText('可以导入');
  await expect(dialog).toContainText('导入提示');
  await accessible(page);
  await dialog.getByRole('button', { name: '导入', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/declarations/${DEPARTMENT}/${YEAR}$`));

  await page.getByRole('button', { name: '修改“颐康服务站数量”的年度指标值' }).click();
  const edit = page.getByRole('dialog');
  await edit.getByLabel('年度指标值（原文）').fill('不少于160个');
  await expect(edit).toContainText('160 个');
  await expect(edit).toContainText('可以确定');
  await accessible(page);
  await edit.getByRole('button', { name: '确定' }).click();
  await expect(page.getByRole('cell', { name: /不少于160个/ })).toBeVisible();

  // The form lost a cell; until it is mended, the submit is blocked and says where.
  await page.getByRole('button', { name: '提交申报' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await accessible(page);
  const { declaration } = await api<{ declaration: { status: string; indicators: { annualTarget: { text: string; comparator: string } | null }[] } }>(
    request,
    'filer',
    `{ declaration(departmentCode: "${DEPARTMENT}", fiscalYear: ${YEAR}) { status indicators { annualTarget { text comparator } } } }`,
  );
  expect(declaration.status).toBe('DRAFT');
  expect(declaration.indicators[3]?.annualTarget).toMatchObject({ text: '不少于160个', comparator: 'GTE' });
});

test('the form is taken along as a workbook and imported into another year', async ({ page, request }, info) => {
  await signIn(page, 'filer', `/declarations/${DEPARTMENT}/${YEAR}`);
  const take = async (form: string, as: string) => {
    await page.getByLabel('官方表格').selectOption(form);
    const [taken] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: as }).click()]);
    return taken;
  };
  expect((await take('年中监控表', '导出打印页')).suggestedFilename()).toBe('monitoring-form.html');
  const evaluation = info.outputPath('self-evaluation-form.html');
  await (await take('自评表', '导出打印页')).saveAs(evaluation);
  expect(await readFile(evaluation, 'utf8')).toContain('部门整体支出绩效自评表');
  const taken = await take('申报表', '导出 Excel');
  expect(taken.suggestedFilename()).toBe('form.xlsx');
  const path = info.outputPath('form.xlsx');
  await taken.saveAs(path);
  await page.goto('/declarations');
  await page.getByRole('button', { name: '导入申报表' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('年度').fill(String(YEAR + 1));
  await dialog.getByLabel('选择文件').setInputFiles(path);
  await dialog.getByRole('button', { name: '试导入' }).click();
  await expect(dialog).toContainText('可以导入');
  await dialog.getByRole('button', { name: '导入', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/declarations/${DEPARTMENT}/${YEAR + 1}$`));
  const targets = async (year: number) =>
    JSON.stringify(
      await api(request, 'filer', `{ declaration(departmentCode: "${DEPARTMENT}", fiscalYear: ${year}) { indicators { name annualTarget { text } } } }`),
    );
  expect(await targets(YEAR + 1)).toBe(await targets(YEAR));
});
