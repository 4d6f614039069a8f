import type { AnyVariables, CombinedError, OperationResult } from '@urql/vue';
import { onScopeDispose, watch, type Ref } from 'vue';
import { onEnd, pipe, subscribe } from 'wonka';
import type { TypedDocumentString } from '@/generated/graphql';
import { client } from './client';
import { doc } from './document';

/** Seconds before it is tried again, the more the oftener it failed in a row. */
const PAUSES = [1, 2, 5, 10, 30];

/** Whether the same may go well the next time: the connection was lost, the token ended, or too much came at once. */
function passing(error: CombinedError): boolean {
  const codes = error.graphQLErrors.map((it) => it.extensions['code']);
  return !codes.length || codes.some((code) => code === 'SLOW_CONSUMER' || code === 'UNAUTHENTICATED');
}

/**
 * Calls `told` for every event of a subscription while the page is looked at. What was missed meanwhile (a lost connection, a hidden
 * page: browsers allow few connections to a host) is made up for by calling it once when it goes on.
 */
export function useLive<Result, Variables extends AnyVariables>(
  subscription: TypedDocumentString<Result, Variables>,
  variables: Ref<Variables>,
  told: () => void,
): void {
  let stop: (() => void) | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function end(): void {
    clearTimeout(again);
    const running = stop;
    stop = undefined;
    running?.();
  }
  function lost(): void {
    if (!stop) return;
    end();
    again = setTimeout(() => begin(true), 1_000 * (PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 0));
    failures += 1;
  }
  function begin(missed: boolean): void {
    end();
    if (document.hidden) return;
    if (missed) told();
    const events = pipe(
      client.subscription(doc(subscription), variables.value),
      onEnd(lost),
      subscribe(({ data, error }: OperationResult<Result, Variables>) => {
        if (error && !passing(error)) return end();
        if (error) return lost();
        failures = 0;
        if (data) told();
      }),
    );
    stop = events.unsubscribe;
  }
  const seen = (): void => (document.hidden ? end() : begin(true));
  document.addEventListener('visibilitychange', seen);
  watch(variables, () => begin(false), { immediate: true });
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', seen);
    end();
  });
}
