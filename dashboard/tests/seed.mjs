// Fills a demonstration (`jixiao demo`) with the departments of two districts over four years, through the public API only,
// each step as the user whose step it is: what the pages look like with a city's data. Every value is invented.
// Usage: BASE_URL=http://127.0.0.1:8080 node tests/seed.mjs
import { form, plan, DEPARTMENTS } from './seed-data.mjs';

const BASE = process.env.BASE_URL ?? 'http://127.0.0.1:8080';
const PASSWORD = 'jixiao-demo-2024';
const CITY = '440100';
const PEOPLE = [
  ['city-filer', '市级填报人', 'UNIT_FILER'],
  ['city-reviewer', '市级部门审核人', 'DEPARTMENT_REVIEWER'],
  ['city-finance', '市财政审核人', 'FINANCE_REVIEWER'],
  ['city-auditor', '市审计人员', 'AUDITOR'],
];
const tokens = {};

async function send(who, query, variables = {}) {
  const response = await fetch(`${BASE}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(who && { authorization: `Bearer ${await token(who)}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${who}: ${JSON.stringify(errors)}\n${query} ${JSON.stringify(variables)}`);
  const [answer] = Object.values(data);
  if (answer?.userErrors?.length) throw new Error(`${who}: ${JSON.stringify(answer.userErrors)}\n${query} ${JSON.stringify(variables)}`);
  return answer;
}

async function token(who) {
  tokens[who] ??= send(null, 'mutation($u:String!,$p:String!){signIn(username:$u,password:$p){accessToken userErrors{code message}}}', { u: who, p: PASSWORD }).then((it) => it.accessToken);
  return tokens[who];
}

const ERRORS = 'userErrors{code field message}';

async function organise() {
  const known = await send('admin', '{users(first:100){edges{node{username}}}}');
  const have = new Set(known.edges.map((edge) => edge.node.username));
  if (have.has('city-filer')) return false;
  for (const [code, name] of [['440106', '广州市天河区']])
    await send('admin', `mutation($input:JurisdictionCreateInput!){jurisdictionCreate(input:$input){${ERRORS}}}`, { input: { code, name, parentCode: CITY } });
  for (const [code, name, jurisdictionCode] of DEPARTMENTS)
    await send('admin', `mutation($input:DepartmentCreateInput!){departmentCreate(input:$input){${ERRORS}}}`, { input: { code, name, jurisdictionCode } });
  for (const [username, displayName, role] of PEOPLE)
    await send('admin', `mutation($input:UserCreateInput!){userCreate(input:$input){${ERRORS}}}`, { input: { username, displayName, password: PASSWORD, grants: [{ role, jurisdictionCode: CITY }] } });
  const windows = [
    [2026, 'MID_YEAR', 7, '2026-08-01', '2026-08-31', '2099-12-31'],
    [2025, 'YEAR_END', 12, '2026-01-01', '2026-03-31', '2099-12-31'],
  ];
  for (const [fiscalYear, period, months, opensOn, dueOn, closesOn] of windows)
    await send('admin', `mutation($input:ReportingWindowSetInput!){reportingWindowSet(input:$input){${ERRORS}}}`, { input: { jurisdictionCode: CITY, fiscalYear, period, months, opensOn, dueOn, closesOn } });
  return true;
}

const step = (kind, act, extra = '') => (who, node, variables = {}) =>
  send(who, `mutation($id:ID!,$r:Int!${extra.split('|')[0] ?? ''}){${act}(id:$id,expectedRevision:$r${extra.split('|')[1] ?? ''}){${kind}{id revision status} ${ERRORS}}}`, { id: node.id, r: node.revision, ...variables }).then((it) => it[kind]);
const submit = step('declaration', 'declarationSubmit');
const forward = step('declaration', 'declarationForward');
const accept = step('declaration', 'declarationAccept', ',$g:TargetReviewGrade!|,grade:$g');
const approve = step('declaration', 'declarationApprove', ',$n:String!,$o:Date!|,approvalNumber:$n,approvedOn:$o');
const reportSubmit = step('report', 'reportSubmit');
const reportForward = step('report', 'reportForward');
const reportAccept = step('report', 'reportAccept');

async function record(declaration, period, entries, execution) {
  const input = { declarationId: declaration.id, period, entries, execution };
  return (await send('city-filer', `mutation($input:ActualValuesRecordInput!){actualValuesRecord(input:$input){report{id revision status} results{userErrors{code field message}} ${ERRORS}}}`, { input })).report;
}

async function file(department, year) {
  const made = plan(department, year);
  const input = { departmentCode: department[0], fiscalYear: year, text: form(department, made) };
  const { declaration } = await send('city-filer', `mutation($input:DeclarationImportInput!){declarationImport(input:$input){declaration{id revision status indicators{id name}} ${ERRORS}}}`, { input });
  let at = declaration;
  if (made.stage === 'DRAFT') return;
  at = await submit('city-filer', at);
  if (made.stage === 'DEPARTMENT_REVIEW') return;
  at = await forward('city-reviewer', at);
  if (made.stage === 'FINANCE_REVIEW') return;
  at = await accept('city-finance', at, { g: 'GOOD' });
  await approve('city-finance', at, { n: `穗财绩〔${year}〕${made.number}号（演示）`, o: `${year}-02-18` });
  if (year < 2026) await publish(declaration, 'TARGETS');
  const ids = new Map(declaration.indicators.map((it) => [it.name, it.id]));
  for (const period of ['MID_YEAR', 'YEAR_END']) {
    const progress = made.reports[period];
    if (!progress) return;
    const entries = made.indicators.map((it) => ({ indicatorId: ids.get(it.name), text: it[period], ...made.reasons }));
    let report = await record(declaration, period, entries, { executed: made.executed[period], reason: made.reasons.note });
    if (progress === 'DRAFT') return;
    report = await reportSubmit('city-filer', report);
    if (progress === 'DEPARTMENT_REVIEW') return;
    report = await reportForward('city-reviewer', report);
    if (progress === 'FINANCE_REVIEW') return;
    await reportAccept('city-finance', report);
  }
  if (year > 2023) return;
  const statements = declaration.indicators.map((it) => ({ indicatorId: it.id, source: '部门业务台账（演示）', method: '年末逐项统计汇总' }));
  await send('city-filer', `mutation($input:PublicationStateInput!){publicationState(input:$input){${ERRORS}}}`, { input: { declarationId: declaration.id, expectedRevision: 0, statements } });
  await publish(declaration, 'RESULTS', 1);
}

async function publish(declaration, kind, expectedRevision = 0) {
  const input = { declarationId: declaration.id, kind, version: 1, expectedRevision };
  await send('city-reviewer', `mutation($input:PublicationPublishInput!){publicationPublish(input:$input){${ERRORS}}}`, { input });
}

if (await organise()) {
  for (const department of DEPARTMENTS) {
    for (const year of [2023, 2024, 2025, 2026]) await file(department, year);
    console.log(`${department[1]} ✓`);
  }
} else console.log('there already');
