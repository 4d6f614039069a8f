import { CombinedError } from '@urql/vue';
import { i18n } from '@/i18n';

/** A sentence for people about a request that got no answer. */
export function explainFailure(error: unknown): string {
  const { t } = i18n.global;
  if (error instanceof CombinedError) {
    const [first] = error.graphQLErrors;
    if (!first) return t('common.unreachable');
    if (first.extensions['code'] === 'FORBIDDEN') return t('common.forbidden');
    const id = first.extensions['requestId'];
    return typeof id === 'string' ? `${first.message} (${t('common.requestId', { id })})` : first.message;
  }
  return error instanceof Error && error.message !== 'network' ? error.message : t('common.unreachable');
}
