import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

/**
 * Types of every operation in `src/operations`, made from the schema of the service: none is written by hand. Beside them
 * `persisted-documents.json`, the manifest of trusted documents: SHA-256 and text of each operation.
 */
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: 'src/operations/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, gqlTagName: 'gql', persistedDocuments: { hashAlgorithm: 'sha256' } },
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        documentMode: 'string',
        pureMagicComment: true,
        useTypeImports: true,
        enumsAsTypes: true,
        dedupeFragments: true,
        strictScalars: true,
        avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
        skipTypename: true,
        scalars: { Decimal: 'string', Date: 'string', DateTime: 'string', Upload: 'File | null' },
      },
    },
  },
};

export default config;
