import { locale } from '@/i18n';
import { freshTokens } from './client';
import { save } from './upload';

/**
 * A listing as a file of the service, with the arguments of its GraphQL field; `received` is told how many bytes have come. How long
 * the file will be nobody knows beforehand: it is written while it is sent.
 */
export async function downloadExport(file: string, args: Record<string, unknown>, received: (bytes: number) => void): Promise<void> {
  const given = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, JSON.stringify(value)]));
  await take(`/export/${file}?${query}`, file, received);
}

/** A file of the service, fetched with the token and handed to the browser as a download. */
export async function take(path: string, file: string, received: (bytes: number) => void = () => undefined): Promise<void> {
  const tokens = await freshTokens();
  const response = await fetch(path, {
    headers: { 'Accept-Language': locale.value, ...(tokens ? { Authorization: `Bearer ${tokens.accessToken}` } : {}) },
  });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    received(bytes);
  }
  save(new Blob(parts, { type: response.headers.get('content-type') ?? '' }), file);
}
