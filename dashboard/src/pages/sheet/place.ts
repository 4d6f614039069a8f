import type { Report } from './types';

/** Where on the page a path into the report, or into the command, lies: an anchor, null when it has no place. */
export function cellHref(report: Pick<Report, 'rows'>, path: string[]): string | null {
  const at = path.findIndex((part) => part === 'rows' || part === 'entries');
  const row = at < 0 ? undefined : report.rows[Number(path[at + 1])];
  if (row) return `#row-${row.indicator.id}`;
  if (path.includes('execution')) return '#execution';
  if (path.includes('summary') || path.some((part) => ['overallGoalResult', 'conclusion', 'problems', 'improvementMeasures'].includes(part))) return '#summary';
  return null;
}
