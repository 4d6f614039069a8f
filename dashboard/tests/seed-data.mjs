// The invented city: departments, their indicators, and what each year made of them. Nothing here is random: a hash of
// department, year and indicator gives the same figures every time.
const ZENGCHENG = '440118';
const TIANHE = '440106';

/** Code, name, jurisdiction, budget in 万元. */
export const DEPARTMENTS = [
  ['440118002', '广州市增城区教育局', ZENGCHENG, 318400],
  ['440118003', '广州市增城区卫生健康局', ZENGCHENG, 142650],
  ['440118004', '广州市增城区农业农村局', ZENGCHENG, 48920],
  ['440118005', '广州市增城区交通运输局', ZENGCHENG, 76310],
  ['440118006', '广州市增城区水务局', ZENGCHENG, 59480],
  ['440118007', '广州市增城区文化广电旅游体育局', ZENGCHENG, 21760],
  ['440118008', '广州市增城区人力资源和社会保障局', ZENGCHENG, 33270],
  ['440118009', '广州市增城区应急管理局', ZENGCHENG, 12840],
  ['440106001', '广州市天河区教育局', TIANHE, 402300],
  ['440106002', '广州市天河区民政局', TIANHE, 68150],
  ['440106003', '广州市天河区卫生健康局', TIANHE, 187200],
  ['440106004', '广州市天河区生态环境分局', TIANHE, 15690],
];

const INDICATORS = [
  ['产出指标', '数量指标', '新建改建服务站点', '个', 120],
  ['产出指标', '数量指标', '组织专项培训人次', '人次', 2400],
  ['产出指标', '数量指标', '完成日常巡查', '次', 960],
  ['产出指标', '质量指标', '项目验收合格率', '%', 98],
  ['产出指标', '质量指标', '数据报送准确率', '%', 95],
  ['产出指标', '时效指标', '资金按期拨付率', '%', 100],
  ['产出指标', '成本指标', '单位服务成本控制率', '≤%', 100],
  ['效益指标', '社会效益指标', '服务覆盖率', '%', 90],
  ['效益指标', '社会效益指标', '重点问题整改完成率', '%', 95],
  ['效益指标', '可持续影响指标', '长效机制覆盖镇街', '个', 13],
  ['满意度指标', '服务对象满意度指标', '服务对象满意度', '%', 90],
];

function hash(text) {
  let state = 2166136261;
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0), 16777619);
  state ^= state >>> 15;
  state = Math.imul(state, 2246822519);
  return (state ^ (state >>> 13)) >>> 0;
}

const share = (text) => (hash(text) % 1000) / 1000;

function value(unit, target, factor) {
  const number = target * factor;
  if (unit === '≤%') return `${(target * (2 - factor)).toFixed(1)}%`;
  if (unit === '%') return `${Math.min(100, number).toFixed(1)}%`;
  return `${Math.round(number)}${unit}`;
}

/** How far a year came: 2023 to 2025 are done or nearly, 2026 is at its middle. */
function stages(department, year) {
  const turn = hash(`${department[0]}-${year}-stage`) % 6;
  const done = { MID_YEAR: 'ACCEPTED', YEAR_END: 'ACCEPTED' };
  if (year < 2025) return { stage: 'APPROVED', reports: done };
  if (year === 2025)
    return { stage: 'APPROVED', reports: { MID_YEAR: 'ACCEPTED', YEAR_END: ['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'FINANCE_REVIEW', 'DEPARTMENT_REVIEW', null][turn] } };
  const stage = turn === 5 ? 'FINANCE_REVIEW' : 'APPROVED';
  return { stage, reports: { MID_YEAR: ['ACCEPTED', 'FINANCE_REVIEW', 'DRAFT', 'ACCEPTED', null, null][turn] } };
}

export function plan(department, year) {
  const [code, , , base] = department;
  const budget = Math.round(base * (1 + (year - 2023) * 0.04) * 100) / 100;
  const able = 0.76 + share(`${code}-able`) * 0.3 + (year - 2023) * 0.02;
  const indicators = INDICATORS.map(([level1, level2, name, unit, target]) => {
    const factor = able + (share(`${code}-${year}-${name}`) - 0.36) * 0.3;
    const percent = unit.endsWith('%');
    const wanted = percent ? target : Math.round(target * (0.5 + share(`${code}-${name}-size`)));
    const text = unit === '≤%' ? `≤${wanted}%` : `≥${wanted}${unit}`;
    const half = percent ? factor - 0.01 : factor * (0.42 + share(`${code}-${year}-${name}-mid`) * 0.3);
    return { level1, level2, name, text, MID_YEAR: value(unit, wanted, half), YEAR_END: value(unit, wanted, factor) };
  });
  const spent = (period) => (budget * (period === 'MID_YEAR' ? 0.38 + share(`${code}-${year}-mid`) * 0.24 : 0.74 + share(`${code}-${year}-end`) * 0.26)).toFixed(2);
  const note = '演示样例数据，非真实填报';
  return {
    ...stages(department, year),
    number: (hash(code + year) % 80) + 1,
    budget,
    indicators,
    executed: { MID_YEAR: spent('MID_YEAR'), YEAR_END: spent('YEAR_END') },
    reasons: { note, deviations: [{ category: 'OTHER', text: `${note}：项目进度受年度工作安排影响` }] },
  };
}

const money = (amount) => amount.toFixed(2);

/** The form as departments publish it, tab-separated. */
export function form([code, name, , base], { budget, indicators }) {
  const part = (fraction) => Math.round(budget * fraction * 100) / 100;
  const basic = part(0.31);
  const project = part(0.52);
  const special = part(0.06);
  const other = Math.round((budget - basic - project - special) * 100) / 100;
  const transfers = part(0.08);
  const tasks = [['重点民生项目建设', 0.34], ['基层服务能力提升', 0.16], ['日常监管与信息化保障', 0.07]];
  const lines = [
    ['部门名称', name],
    ['基本信息', '财政供养人员数', `${40 + (hash(code) % 200)}`, '下属二级单位数', `${1 + (hash(code) % 7)}`],
    ['预算整体情况', '部门预算支出', '预算金额（万元）', '收入来源', '预算金额（万元）'],
    ['', '基本支出', money(basic), '财政拨款', money(budget)],
    ['', '项目支出', money(project), '其他资金', money(base / 25)],
    ['', '事业发展性支出', '预算金额（万元）', '按预算级次划分', '预算金额（万元）'],
    ['', '财政专项资金', money(special), '区本级使用资金', money(Math.round((budget - transfers) * 100) / 100)],
    ['', '其他事业发展性支出', money(other), '拟用于对下转移支付资金', money(transfers)],
    ['总体绩效目标', '围绕区委区政府年度重点工作，保障基本公共服务供给，提升服务质量与资金使用效益，按期完成年度各项建设与服务任务。'],
    ['年度重点工作任务', '名称', '主要实施内容', '拟投入的资金（万元）', '期望达到的目标（概述）'],
    ...tasks.map(([task, fraction]) => ['', task, `${task}的组织实施、过程监管与验收。`, money(part(fraction)), '按期完成并通过验收。']),
    ['绩效指标', '一级指标', '二级指标', '三级指标', '实施周期指标值', '年度指标值'],
    ...indicators.map((it) => ['', it.level1, it.level2, it.name, it.text, it.text]),
  ];
  return lines.map((line) => line.join('\t')).join('\n');
}
