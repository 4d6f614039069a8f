import type { Declaration } from './types';

/**
 * Findings that speak of one indicator, under its id. A path names the indicator by its position in the declaration, from 0.
 */
export function findingsByIndicator(declaration: Declaration): Map<string, Declaration['findings']> {
  const ids = declaration.indicators.map((it) => it.id);
  const found = new Map<string, Declaration['findings']>();
  for (const finding of declaration.findings) {
    const at = finding.path.findIndex((part) => part === 'indicators' || part === 'rows');
    const id = at < 0 ? undefined : ids[Number(finding.path[at + 1])];
    if (id) found.set(id, [...(found.get(id) ?? []), finding]);
  }
  return found;
}
