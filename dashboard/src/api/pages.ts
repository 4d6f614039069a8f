import type { AnyVariables } from '@urql/vue';
import { shallowReactive } from 'vue';
import type { TypedDocumentString } from '@/generated/graphql';
import { ask } from './client';

interface Connection<Node> {
  edges: { node: Node }[];
  pageInfo?: { hasNextPage: boolean; endCursor: string | null };
  totalCount?: number;
}

/** Most rows of a page that the service takes (`serviceLimits.maxPageSize`). */
export const PAGE_SIZE = 100;

/**
 * A connection read page after page: `more()` adds the next one, `upTo()` goes on to so many rows, `all()` to the end. `restart()` begins again with
 * other variables; answers to earlier ones that come late are dropped.
 */
export function usePages<Result, Variables extends AnyVariables & { first: number }, Node>(
  document: TypedDocumentString<Result, Variables>,
  pick: (result: Result) => Connection<Node> | null | undefined,
) {
  let variables: Variables | null = null;
  let cursor: string | null = null;
  let round = 0;
  const state = shallowReactive({
    rows: [] as Node[],
    total: null as number | null,
    done: true,
    loading: false,
    error: null as unknown,
  });

  /** The page that is being read, so that whoever else asks waits for it. */
  let reading: Promise<void> | null = null;

  function more(): Promise<void> {
    if (state.done || !variables) return Promise.resolve();
    reading ??= read(round, variables);
    return reading;
  }

  async function read(mine: number, asked: Variables): Promise<void> {
    state.loading = true;
    try {
      const connection = pick(await ask(document, { ...asked, after: cursor }));
      if (mine !== round) return;
      cursor = connection?.pageInfo?.endCursor ?? null;
      state.rows = [...state.rows, ...(connection?.edges.map((edge) => edge.node) ?? [])];
      state.total = connection?.totalCount ?? state.total;
      state.done = !connection?.pageInfo?.hasNextPage;
      state.error = null;
    } catch (error) {
      if (mine !== round) return;
      state.error = error;
      state.done = true;
    } finally {
      if (mine === round) {
        state.loading = false;
        reading = null;
      }
    }
  }

  async function upTo(count: number): Promise<void> {
    const mine = round;
    while (mine === round && !state.done && state.rows.length < count) await more();
  }
  const all = () => upTo(Number.POSITIVE_INFINITY);

  function restart(next: Variables): void {
    round += 1;
    reading = null;
    variables = next;
    cursor = null;
    Object.assign(state, { rows: [], total: null, done: false, loading: false, error: null });
  }

  return { state, more, upTo, all, restart };
}
