import type { ReportingPeriod } from '@/generated/graphql';
import { choices } from '@/domain/words';
import type { Entry, Field, SheetRow } from './types';
import type { Sheet } from './useSheet';

export interface SheetColumn {
  field: Extract<Field, 'text' | 'forecastText' | 'outlook' | 'score' | 'deviations'>;
  label: string;
}
const TEXT: SheetColumn = { field: 'text', label: 'common.actual' };
const CAUSE: SheetColumn = { field: 'deviations', label: 'sheet.deviation' };

/** The columns to be filled in: those of the monitoring form, or of the self-evaluation form. */
export function columnsOf(period: ReportingPeriod): SheetColumn[] {
  return period === 'YEAR_END'
    ? [TEXT, { field: 'score', label: 'sheet.ownScore' }, CAUSE]
    : [TEXT, { field: 'forecastText', label: 'sheet.forecast' }, { field: 'outlook', label: 'sheet.outlook' }, CAUSE];
}

/** A cell's content as text. */
export function shown(sheet: Sheet, row: SheetRow, field: SheetColumn['field']): string {
  const value = sheet.valueOf(row, field);
  if (field === 'deviations') return (value as Entry['deviations'])?.[0]?.text ?? '';
  return (value as string | null) ?? '';
}

/** What typing a text into a cell changes. A word of the outlook is taken in either language. */
export function typed(sheet: Sheet, row: SheetRow, field: SheetColumn['field'], text: string): Entry {
  if (field === 'deviations') {
    const [first, ...rest] = sheet.valueOf(row, 'deviations') as NonNullable<Entry['deviations']>;
    return { deviations: text ? [{ category: first?.category ?? 'OTHER', text }, ...rest] : rest };
  }
  if (field === 'outlook') return { outlook: choices('AttainmentOutlook').find((it) => it.value === text || it.label === text)?.value ?? null };
  return { [field]: text };
}
