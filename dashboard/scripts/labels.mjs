// Words for every enum value, taken from the schema's descriptions ("中文 — English"): the application keeps no table of its own.
import { buildSchema, isEnumType } from 'graphql';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const schema = buildSchema(readFileSync(new URL('../schema.graphql', root), 'utf8'));
const words = {};
for (const type of Object.values(schema.getTypeMap()).sort((one, other) => one.name.localeCompare(other.name))) {
  if (!isEnumType(type) || type.name.startsWith('__')) continue;
  words[type.name] = {};
  for (const value of type.getValues()) {
    const [zh, en] = (value.description ?? '').replace(/\s+/g, ' ').split(' — ');
    if (!zh || !en) throw new Error(`${type.name}.${value.name} has no description in both languages`);
    words[type.name][value.name] = { zh: zh.trim(), en: en.trim() };
  }
}
mkdirSync(new URL('src/generated', root), { recursive: true });
writeFileSync(
  new URL('src/generated/labels.ts', root),
  `/* Made by scripts/labels.mjs from schema.graphql. */\nexport const labels = ${JSON.stringify(words, null, 1)} as const;\n`,
);
