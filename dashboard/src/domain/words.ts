import { labels } from '@/generated/labels';
import { locale } from '@/i18n';

type Enums = typeof labels;

/** The word for an enum value in the language of the page, from the schema's own descriptions. */
export function word<Name extends keyof Enums>(name: Name, value: keyof Enums[Name] | null | undefined): string {
  if (value === null || value === undefined) return '';
  const words = labels[name] as Record<PropertyKey, { zh: string; en: string }>;
  const found = words[value];
  if (!found) return String(value);
  return locale.value === 'zh-CN' ? found.zh : capital(found.en);
}

/** All values of an enum with their words, for a picker. */
export function choices<Name extends keyof Enums>(name: Name): { value: keyof Enums[Name]; label: string }[] {
  const values = Object.keys(labels[name]) as (keyof Enums[Name])[];
  return values.map((value) => ({ value, label: word(name, value) }));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
