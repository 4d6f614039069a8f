/*
 * Numbers travel as exact decimal text and are shown as text: the point is moved and digits are grouped, nothing is
 * computed. `approximate` is for the places of marks on a chart only.
 */

/** `1.022222` as `102.22`: the point two places to the right, cut (never rounded up) to `places`. */
export function percent(rate: string | null | undefined, places = 2): string | null {
  if (rate === null || rate === undefined) return null;
  const negative = rate.startsWith('-');
  const [whole = '0', fraction = ''] = rate.replace('-', '').split('.');
  const digits = fraction.padEnd(2 + places, '0');
  const moved = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(2, 2 + places);
  return `${negative ? '-' : ''}${moved}${places > 0 ? `.${rest}` : ''}`;
}

/** `51480.81` as `51,480.81`. */
export function grouped(amount: string | null | undefined): string | null {
  if (amount === null || amount === undefined) return null;
  const [whole = '', fraction] = amount.split('.');
  const parts = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? parts : `${parts}.${fraction}`;
}

/** For the place of a mark on a chart, never for a figure that is read. */
export function approximate(decimal: string | null | undefined): number | null {
  return decimal === null || decimal === undefined ? null : Number(decimal);
}

/** What a person typed as exact decimal text, without separators; null when it is no number. */
export function canonical(typed: string): string | null {
  const text = typed.normalize('NFKC').replace(/[,\s，]/g, '');
  return /^-?(0|[1-9]\d{0,20})(\.\d{1,6})?$/.test(text) ? text : null;
}
