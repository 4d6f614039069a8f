import { useQuery } from '@urql/vue';
import { computed } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import { doc } from '@/api/document';
import { YearsDocument, type ReportingPeriod } from '@/generated/graphql';

const one = (query: LocationQuery, name: string) => {
  const value = query[name];
  return typeof value === 'string' && value ? value : null;
};

/**
 * Year and jurisdiction of a page, kept in its address (`?year=2025&place=440000-440118`), so that every view can be sent on.
 * `place` is the way down the tree; its last code is the jurisdiction.
 */
export function useScope() {
  const route = useRoute();
  const router = useRouter();
  const place = computed(() => one(route.query, 'place')?.split('-') ?? []);
  const jurisdiction = computed(() => place.value.at(-1) ?? null);
  const { data, fetching, error } = useQuery({
    query: doc(YearsDocument),
    variables: computed(() => ({ jurisdiction: jurisdiction.value })),
    requestPolicy: 'cache-first',
  });
  const years = computed(() => {
    const known = data.value?.achievementSummary.edges.map(({ node }) => Number(node.dimensions[0]?.key)) ?? [];
    const asked = Number(one(route.query, 'year'));
    return [...new Set(asked ? [...known, asked] : known)].sort((a, b) => b - a);
  });
  const year = computed(() => Number(one(route.query, 'year')) || years.value[0] || null);

  /** What the address asks for; else year-end once something is reported for it, mid-year before. */
  const period = computed<ReportingPeriod>({
    get() {
      const asked = one(route.query, 'period');
      if (asked === 'MID_YEAR' || asked === 'YEAR_END') return asked;
      const yearEnd = data.value?.achievementSummary.edges.find(({ node }) => node.dimensions[0]?.key === String(year.value) && node.dimensions[1]?.key === 'YEAR_END');
      return yearEnd?.node.reportedCount ? 'YEAR_END' : 'MID_YEAR';
    },
    set: (value) => set({ period: value }),
  });

  /** Changes what the address says; null takes it out. */
  function set(changes: Record<string, string | null>): void {
    const query = Object.fromEntries(Object.entries({ ...route.query, ...changes }).filter(([, value]) => value !== null && value !== ''));
    void router.replace({ query });
  }

  return {
    place,
    jurisdiction,
    years,
    year,
    period,
    /** Whether it is known which years there are. */
    known: computed(() => data.value !== undefined),
    fetching,
    error,
    asked: (name: string) => one(route.query, name),
    set,
    /** The scope as query of a link to another page. */
    query: computed(() => ({ ...(year.value ? { year: String(year.value) } : {}), ...(place.value.length ? { place: place.value.join('-') } : {}) })),
  };
}
export type Scope = ReturnType<typeof useScope>;
