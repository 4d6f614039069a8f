import { reactive } from 'vue';
import type { ReportingPeriod, ResultFiguresFragment, SummaryFiguresFragment, TotalFiguresFragment } from '@/generated/graphql';

/** What the drawer explains: one indicator step by step, a group by its counts, or the total of a declaration by its parts. */
export type Explained =
  | { kind: 'indicator'; id: string; period: ReportingPeriod }
  | { kind: 'summary'; figures: SummaryFiguresFragment | TotalFiguresFragment }
  | { kind: 'result'; figures: ResultFiguresFragment; rows: { name: string; score: string | null; maxScore: string | null }[] };

export const explanation = reactive({ open: false, title: '', what: null as Explained | null });

export function explain(title: string, what: Explained): void {
  Object.assign(explanation, { title, what, open: true });
}
