import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch, type Ref } from 'vue';
import { ask, command } from '@/api/client';
import { explainFailure } from '@/api/failure';
import { canonical } from '@/domain/decimal';
import {
  PreviewActualValuesDocument,
  RecordActualValuesDocument,
  type ActualValueEntryInput,
  type ActualValuesRecordInput,
} from '@/generated/graphql';
import type { Conflict, Entry, Errors, ExecutionEdits, ExecutionField, Field, Preview, Report, Saving, SheetRow, SummaryField } from './types';

const PREVIEW_AFTER = 300;
const SAVE_AFTER = 1500;
const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** What the service holds for a field, in the form in which it is sent. */
export function held(row: SheetRow, field: Field): Entry[Field] {
  const value = row.current?.[field as keyof NonNullable<SheetRow['current']>];
  if (field === 'deviations') return row.current?.deviations.map(({ category, text }) => ({ category, text })) ?? [];
  return (value ?? null) as Entry[Field];
}

/**
 * The state of a reporting sheet: what the service holds, what is being edited, what it would become (the service's own preview),
 * and what somebody else changed meanwhile. Edits are recorded by themselves, in the report's draft on the service.
 */
export function useSheet(report: Ref<Report | null>, reload: () => Promise<Report | null>) {
  const edits = reactive(new Map<string, Entry>());
  /** What a field held when its editing began. */
  const bases = new Map<string, Entry[Field]>();
  const execution = reactive<ExecutionEdits>({});
  const summary = reactive<Partial<Record<SummaryField, string | null>>>({});
  const previews = shallowRef(new Map<string, Preview>());
  const refused = shallowRef(new Map<string, Errors>());
  const errors = ref<Errors>([]);
  const conflicts = ref<Conflict[]>([]);
  const saving = ref<Saving>('clean');
  const failure = ref('');
  let previewTimer = 0;
  let saveTimer = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const rows = computed(() => report.value?.rows ?? []);
  const rowOf = (id: string) => rows.value.find((row) => row.indicator.id === id);
  const dirty = computed(() => edits.size > 0 || Object.keys(execution).length > 0 || Object.keys(summary).length > 0);

  function valueOf(row: SheetRow, field: Field): Entry[Field] {
    const entry = edits.get(row.indicator.id);
    return entry && field in entry ? entry[field] : held(row, field);
  }
  function edit(row: SheetRow, changes: Entry): void {
    const id = row.indicator.id;
    const entry = { ...edits.get(id) };
    for (const [name, value] of Object.entries(changes)) {
      const field = name as Field;
      if (!bases.has(`${id} ${field}`)) bases.set(`${id} ${field}`, held(row, field));
      Object.assign(entry, { [field]: value === '' ? null : value });
      if (same(entry[field], held(row, field))) forget(id, entry, field);
    }
    if (Object.keys(entry).length) edits.set(id, entry);
    else edits.delete(id);
    touched();
  }
  function forget(id: string, entry: Entry, field: Field): void {
    delete entry[field];
    bases.delete(`${id} ${field}`);
  }
  function editExecution(field: ExecutionField, value: string): void {
    execution[field] = value === '' ? null : value;
    touched();
  }
  function editSummary(field: SummaryField, value: string): void {
    summary[field] = value === '' ? null : value;
    touched();
  }
  function touched(): void {
    saving.value = dirty.value ? 'waiting' : 'clean';
    clearTimeout(previewTimer);
    clearTimeout(saveTimer);
    previewTimer = window.setTimeout(() => void preview(), PREVIEW_AFTER);
    saveTimer = window.setTimeout(() => void save(), SAVE_AFTER);
  }

  /** What may be sent: numbers that are none, and fields in conflict, are held back. */
  function sendable(): ActualValueEntryInput[] {
    const open = new Set(conflicts.value.map((it) => `${it.indicatorId} ${it.field}`));
    return [...edits].flatMap(([indicatorId, entry]) => {
      const fields = Object.entries(entry).filter(([field, value]) => !open.has(`${indicatorId} ${field}`) && (field !== 'score' || value === null || canonical(String(value)) !== null));
      const sent = Object.fromEntries(fields.map(([field, value]) => [field, field === 'score' && value !== null ? canonical(String(value)) : value]));
      return fields.length ? [{ indicatorId, ...sent }] : [];
    });
  }
  function input(): ActualValuesRecordInput | null {
    if (!report.value) return null;
    const amounts = Object.entries(execution).flatMap(([field, value]) => {
      const sent = field === 'reason' || value === null ? value : canonical(String(value));
      return sent === null && value !== null ? [] : [[field, sent] as const];
    });
    const entries = sendable();
    if (!entries.length && !amounts.length && !Object.keys(summary).length) return null;
    return {
      declarationId: report.value.declaration.id,
      period: report.value.period,
      entries,
      execution: amounts.length ? Object.fromEntries(amounts) : null,
      summary: Object.keys(summary).length ? { ...summary } : null,
      mode: 'VALID_ROWS',
    };
  }

  async function preview(): Promise<void> {
    const asked = input();
    if (!asked?.entries?.length) return;
    try {
      const { actualValuesPreview } = await ask(PreviewActualValuesDocument, { input: asked });
      // An answer to what has been edited since is no longer true.
      if (!same(asked.entries, sendable())) return;
      const results = actualValuesPreview?.results ?? [];
      previews.value = new Map(results.flatMap((it) => (it.indicator ? [[it.indicator.id, it] as const] : [])));
      refused.value = new Map(results.flatMap((it) => (it.indicator && it.userErrors.length ? [[it.indicator.id, it.userErrors] as const] : [])));
    } catch (error) {
      failure.value = explainFailure(error);
    }
  }

  function save(): Promise<void> {
    clearTimeout(saveTimer);
    const next = queue.then(() => record());
    queue = next.catch(() => undefined);
    return next;
  }
  async function record(again = true): Promise<void> {
    const sent = input();
    if (!sent || !report.value) return void (saving.value = dirty.value ? 'waiting' : saving.value);
    saving.value = 'saving';
    failure.value = '';
    const [sentExecution, sentSummary] = [{ ...execution }, { ...summary }];
    try {
      const { actualValuesRecord: payload } = await command(RecordActualValuesDocument, { input: { ...sent, expectedRevision: report.value.revision } });
      errors.value = payload?.userErrors.filter((it) => it.code !== 'CONFLICT') ?? [];
      const fresh = await reload();
      if (payload?.userErrors.some((it) => it.code === 'CONFLICT')) {
        if (fresh) compare(fresh);
        // What nobody else touched goes in on top of the newer revision.
        if (again) await record(false);
        else saving.value = 'failed';
        return;
      }
      if (payload?.userErrors.length) return void (saving.value = 'failed');
      const failed = new Map(payload?.results.flatMap((it) => (it.indicator && it.userErrors.length ? [[it.indicator.id, it.userErrors] as const] : [])));
      refused.value = failed;
      settle(sent.entries ?? [], failed);
      for (const [field, value] of Object.entries(sentExecution)) if (same(execution[field as ExecutionField], value)) delete execution[field as ExecutionField];
      for (const [field, value] of Object.entries(sentSummary)) if (same(summary[field as SummaryField], value)) delete summary[field as SummaryField];
      saving.value = failed.size ? 'failed' : dirty.value ? 'waiting' : 'saved';
    } catch (error) {
      failure.value = explainFailure(error);
      saving.value = 'failed';
    }
  }
  /** Forgets the edits that were recorded, save those that went on meanwhile. */
  function settle(sent: ActualValueEntryInput[], failed: Map<string, Errors>): void {
    for (const { indicatorId, ...fields } of sent) {
      const entry = { ...edits.get(indicatorId) };
      if (failed.has(indicatorId)) continue;
      for (const [name, value] of Object.entries(fields)) if (same(entry[name as Field], value)) forget(indicatorId, entry, name as Field);
      if (Object.keys(entry).length) edits.set(indicatorId, entry);
      else edits.delete(indicatorId);
    }
    previews.value = new Map([...previews.value].filter(([id]) => edits.has(id)));
  }
  /** Finds the fields that somebody else changed to something else than they were, and than they are here. */
  function compare(fresh: Report): void {
    const found: Conflict[] = [];
    for (const [id, entry] of edits) {
      const row = fresh.rows.find((it) => it.indicator.id === id);
      if (!row) continue;
      for (const field of Object.keys(entry) as Field[]) {
        const theirs = held(row, field);
        if (same(theirs, bases.get(`${id} ${field}`)) || same(theirs, entry[field])) continue;
        found.push({ indicatorId: id, field, theirs, by: row.current?.recordedBy.displayName ?? '', at: row.current?.recordedAt ?? '' });
      }
    }
    conflicts.value = found;
  }
  function resolve(conflict: Conflict, take: 'mine' | 'theirs'): void {
    conflicts.value = conflicts.value.filter((it) => it !== conflict);
    const row = rowOf(conflict.indicatorId);
    if (!row) return;
    bases.set(`${conflict.indicatorId} ${conflict.field}`, conflict.theirs);
    if (take === 'theirs') edit(row, { [conflict.field]: conflict.theirs });
    else touched();
  }
  /** For acts that count in the revision themselves, such as uploads: one after the other with what is recorded. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = queue.then(work);
    queue = next.catch(() => undefined);
    return next;
  }

  const leave = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault();
  };
  addEventListener('beforeunload', leave);
  onBeforeUnmount(() => {
    removeEventListener('beforeunload', leave);
    clearTimeout(previewTimer);
    if (dirty.value) void save();
  });
  watch(() => report.value?.id, (id, before) => {
    if (!before || id === before) return;
    edits.clear();
    bases.clear();
    conflicts.value = [];
  });

  return { rows, edits, execution, summary, previews, refused, errors, conflicts, saving, failure, dirty, valueOf, edit, editExecution, editSummary, save, resolve, inTurn };
}
export type Sheet = ReturnType<typeof useSheet>;
