import type { TypedDocumentNode } from '@urql/vue';
import type { TypedDocumentString } from '@/generated/graphql';

/** A generated document as the client takes it: its text, with the types of its result and variables. */
export function doc<Result, Variables>(document: TypedDocumentString<Result, Variables>): TypedDocumentNode<Result, Variables> {
  return document.toString() as unknown as TypedDocumentNode<Result, Variables>;
}
