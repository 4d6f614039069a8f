import type { TypedDocumentString } from '@/generated/graphql';
import { locale } from '@/i18n';
import { ENDPOINT, freshTokens } from './client';

interface Answer<Result> {
  data?: Result | null;
  errors?: { message: string }[];
}

/**
 * A mutation with one file at `variables.input.file`, after graphql-multipart-request-spec. XMLHttpRequest, because fetch tells
 * nothing of how much of a body has been sent.
 */
export async function upload<Result, Variables extends { input: { file?: File | null } }>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  file: File,
  progress: (share: number) => void,
): Promise<Result> {
  const tokens = await freshTokens();
  const form = new FormData();
  const emptied = { ...variables, input: { ...variables.input, file: null } };
  form.append('operations', JSON.stringify({ query: document.toString(), variables: emptied }));
  form.append('map', JSON.stringify({ 0: ['variables.input.file'] }));
  form.append('0', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', ENDPOINT);
    request.setRequestHeader('Accept', 'application/graphql-response+json, application/json');
    request.setRequestHeader('Accept-Language', locale.value);
    request.setRequestHeader('GraphQL-Require-Preflight', '1');
    if (tokens) request.setRequestHeader('Authorization', `Bearer ${tokens.accessToken}`);
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && progress(loaded / total);
    request.onerror = () => reject(new Error('network'));
    request.onload = () => {
      try {
        const answer = JSON.parse(request.responseText) as Answer<Result>;
        if (answer.errors?.length || !answer.data) reject(new Error(answer.errors?.[0]?.message ?? `HTTP ${request.status}`));
        else resolve(answer.data);
      } catch {
        reject(new Error(`HTTP ${request.status}`));
      }
    };
    request.send(form);
  });
}

export function save(content: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
