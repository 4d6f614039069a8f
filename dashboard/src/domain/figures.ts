import type { DeclarationFiguresQuery, ReportingPeriod, ReportStatus } from '@/generated/graphql';
import { approximate } from './decimal';

/** One declaration with its results: what charts are drawn from and lists show. */
export type DeclarationLine = DeclarationFiguresQuery['declarations']['edges'][number]['node'];

export function resultOf(line: DeclarationLine, period: ReportingPeriod) {
  return period === 'MID_YEAR' ? line.midYear : line.yearEnd;
}

/** Bands of the score, from their lower bound on; the last one holds 100 as well. */
export const SCORE_BANDS = [
  [0, 60],
  [60, 70],
  [70, 80],
  [80, 85],
  [85, 90],
  [90, 95],
  [95, 100],
] as const;

export function bandOf(score: string | null | undefined): number | null {
  const value = approximate(score);
  if (value === null) return null;
  return SCORE_BANDS.findLastIndex(([from]) => value >= from);
}

const OPEN: ReportStatus[] = ['NOT_STARTED', 'DRAFT', 'RETURNED'];

export interface Overdue {
  line: DeclarationLine;
  period: ReportingPeriod;
  status: ReportStatus;
  dueOn: string | null;
}

/** Reports past their due day that nobody submitted, of declarations in force. */
export function overdue(lines: DeclarationLine[]): Overdue[] {
  return lines
    .filter((line) => line.status === 'APPROVED')
    .flatMap((line) =>
      ([['MID_YEAR', line.midYearReport], ['YEAR_END', line.yearEndReport]] as const)
        .filter(([, report]) => report.late && OPEN.includes(report.status))
        .map(([period, report]) => ({ line, period, status: report.status, dueOn: report.dueOn ?? null })),
    )
    .sort((one, other) => (one.dueOn ?? '').localeCompare(other.dueOn ?? ''));
}

/** What the address of the list of declarations may ask for beside year and jurisdiction. */
export interface LineFilter {
  period: ReportingPeriod;
  grade: string | null;
  light: string | null;
  execution: string | null;
  band: number | null;
  status: string | null;
  overdue: boolean;
  text: string;
}

export function matching(lines: DeclarationLine[], filter: LineFilter): DeclarationLine[] {
  const late = filter.overdue ? new Set(overdue(lines).map((it) => it.line)) : null;
  const text = filter.text.trim();
  return lines.filter((line) => {
    const result = resultOf(line, filter.period);
    if (late && !late.has(line)) return false;
    if (filter.status && line.status !== filter.status) return false;
    if (filter.grade && (result?.grade ?? 'NONE') !== filter.grade) return false;
    if (filter.light && (result?.light ?? 'NONE') !== filter.light) return false;
    if (filter.execution && (result?.executionLight ?? 'NONE') !== filter.execution) return false;
    if (filter.band !== null && bandOf(result?.score) !== filter.band) return false;
    return !text || line.department.name.includes(text) || line.department.code.startsWith(text);
  });
}
