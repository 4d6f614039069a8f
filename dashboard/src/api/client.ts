import { authExchange } from '@urql/exchange-auth';
import { cacheExchange, createClient, fetchExchange, type AnyVariables, type CombinedError, type OperationContext } from '@urql/vue';
import { MeDocument, RefreshTokenDocument, SignOutDocument, type TypedDocumentString } from '@/generated/graphql';
import { locale } from '@/i18n';
import { doc } from './document';
import { exclusively, forgetTokens, keepTokens, readTokens, soonOver } from './session';

export const ENDPOINT = '/graphql';

const auth = authExchange(async (utilities) => ({
  addAuthToOperation(operation) {
    const tokens = readTokens();
    return tokens ? utilities.appendHeaders(operation, { Authorization: `Bearer ${tokens.accessToken}` }) : operation;
  },
  willAuthError() {
    const tokens = readTokens();
    return tokens !== null && soonOver(tokens);
  },
  didAuthError(error) {
    return unauthenticated(error) && readTokens() !== null;
  },
  async refreshAuth() {
    const before = readTokens();
    await exclusively(async () => {
      const tokens = readTokens();
      // Another tab may have done it while this one waited.
      if (!tokens || (tokens.refreshToken !== before?.refreshToken && !soonOver(tokens))) return;
      const answer = await utilities.mutate(doc(RefreshTokenDocument), { token: tokens.refreshToken });
      // Only a refusal ends the session; a network that is down does not.
      if (answer.data && !(answer.data.tokenRefresh && keepTokens(answer.data.tokenRefresh))) forgetTokens();
      if (answer.error && unauthenticated(answer.error)) forgetTokens();
    });
  },
}));

function makeClient() {
  return createClient({
    url: ENDPOINT,
    preferGetMethod: false,
    // Server-Sent Events, by the same request as everything else.
    fetchSubscriptions: true,
    requestPolicy: 'cache-and-network',
    exchanges: [cacheExchange, auth, fetchExchange],
    fetchOptions: () => ({ headers: { 'Accept-Language': locale.value } }),
  });
}

export const client = makeClient();

export function unauthenticated(error: CombinedError): boolean {
  return error.response?.status === 401 || error.graphQLErrors.some((it) => it.extensions['code'] === 'UNAUTHENTICATED');
}

/** One query, asked of the service now. */
export async function ask<Result, Variables extends AnyVariables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  context?: Partial<OperationContext>,
): Promise<Result> {
  const answer = await client.query(doc(document), variables, { requestPolicy: 'network-only', ...context }).toPromise();
  if (answer.error) throw answer.error;
  return answer.data as Result;
}

/** One command. Top-level errors are thrown; what the user can mend is in the payload. */
export async function command<Result, Variables extends AnyVariables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const answer = await client.mutation(doc(document), variables).toPromise();
  if (answer.error) throw answer.error;
  return answer.data as Result;
}

/** Tokens for what does not go through the client: renewed by it first when they are about to end. */
export async function freshTokens() {
  const tokens = readTokens();
  if (tokens && soonOver(tokens)) await client.query(doc(MeDocument), {}, { requestPolicy: 'network-only' }).toPromise();
  return readTokens();
}

export async function signOut(): Promise<void> {
  const tokens = readTokens();
  if (tokens) await client.mutation(doc(SignOutDocument), { token: tokens.refreshToken }).toPromise();
  forgetTokens();
}
