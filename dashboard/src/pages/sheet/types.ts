import type {
  ActualValueEntryInput,
  ErrorsFragment,
  ExecutionInput,
  PreviewActualValuesQuery,
  ReportSheetQuery,
  ReportSummaryInput,
} from '@/generated/graphql';

export type Report = NonNullable<ReportSheetQuery['report']>;
export type SheetRow = Report['rows'][number];
export type Entry = Omit<ActualValueEntryInput, 'indicatorId'>;
export type Field = keyof Entry;
export type ExecutionField = 'initialBudget' | 'annualBudget' | 'executed' | 'forecast' | 'reason';
export type ExecutionEdits = Pick<ExecutionInput, ExecutionField>;
export type SummaryField = keyof ReportSummaryInput;
export type Preview = NonNullable<PreviewActualValuesQuery['actualValuesPreview']>['results'][number];
export type Errors = ErrorsFragment[];

/** A field that somebody else changed while it was being edited here. */
export interface Conflict {
  indicatorId: string;
  field: Field;
  theirs: Entry[Field];
  by: string;
  at: string;
}

export type Saving = 'clean' | 'waiting' | 'saving' | 'saved' | 'failed';
