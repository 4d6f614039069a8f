import type { DeclarationAsOfQuery, DeclarationPageQuery } from '@/generated/graphql';

export type Declaration = NonNullable<DeclarationPageQuery['declaration']>;
export type IndicatorRow = Declaration['indicatorTree'][number]['groups'][number]['indicators'][number];
export type Snapshot = NonNullable<DeclarationAsOfQuery['declarationAsOf']>;
