import { computed, reactive } from 'vue';
import type { Role, ViewerFragment } from '@/generated/graphql';

interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
}

const KEY = 'jixiao.session';
/** The access token is renewed this long before it ends. */
const EARLY_MILLISECONDS = 30_000;

/** Who is signed in. Tokens are shared by the tabs of one browser, so that a refresh token is never used twice. */
export const session = reactive({
  viewer: null as ViewerFragment | null,
  signedIn: readTokens() !== null,
});

export function readTokens(): Tokens | null {
  const text = localStorage.getItem(KEY);
  return text ? (JSON.parse(text) as Tokens) : null;
}

export function keepTokens(tokens: { accessToken: string | null; refreshToken: string | null; expiresAt: string | null }): boolean {
  const { accessToken, refreshToken, expiresAt } = tokens;
  if (!accessToken || !refreshToken || !expiresAt) return false;
  localStorage.setItem(KEY, JSON.stringify({ accessToken, refreshToken, expiresAt } satisfies Tokens));
  session.signedIn = true;
  return true;
}

export function forgetTokens(): void {
  localStorage.removeItem(KEY);
  session.signedIn = false;
  session.viewer = null;
}

export function soonOver(tokens: Tokens): boolean {
  return Date.parse(tokens.expiresAt) - Date.now() < EARLY_MILLISECONDS;
}

/** One tab at a time; browsers without locks (plain HTTP on an intranet) go ahead at once. */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(KEY, work) : work();
}

/** Another tab signed in or out. */
addEventListener('storage', (event) => {
  if (event.key === KEY && !event.newValue) forgetTokens();
  else if (event.key === KEY) session.signedIn = true;
});

export const roles = computed(() => new Set<Role>(session.viewer?.grants.map((grant) => grant.role) ?? []));

export function has(...wanted: Role[]): boolean {
  return wanted.some((role) => roles.value.has(role));
}

/** The departments that the viewer files or reviews for, without those of whole jurisdictions. */
export const ownDepartments = computed(() => {
  const found = new Map<string, { code: string; name: string }>();
  for (const { department } of session.viewer?.grants ?? []) if (department) found.set(department.code, department);
  return [...found.values()];
});

/** The topmost jurisdiction that a grant names. */
export const ownJurisdiction = computed(() => session.viewer?.grants.find((grant) => grant.jurisdiction)?.jurisdiction ?? null);
