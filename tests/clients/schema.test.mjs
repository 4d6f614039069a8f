// The schema as other people's tools judge it: nothing that was released breaks, and it is written by the rules.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ESLint } from "eslint";
import { mayStay, withoutId } from "./eslint.config.mjs";

const at = (path) => new URL(path, import.meta.url).pathname;

test("nothing breaks that was released", () => {
  // It ends with an error when there is a breaking change.
  const told = execFileSync(at("node_modules/.bin/graphql-inspector"), ["diff", at("../contract/released.graphql"), at("../../schema.graphql")]);
  assert.match(told.toString(), /No breaking changes|No changes detected|Detected/);
});

test("a breaking change is found", () => {
  const changed = readFileSync(at("../../schema.graphql"), "utf8").replace(/\n\tfiscalYear: Int!/, "");
  assert.throws(() =>
    execFileSync(at("node_modules/.bin/graphql-inspector"), ["diff", at("../contract/released.graphql"), "-"], { input: changed, stdio: "pipe" }),
  );
});

test("recommended and Relay's rules, with listed exceptions", async () => {
  const lint = new ESLint({ overrideConfigFile: at("eslint.config.mjs"), cwd: at("../..") });
  const text = readFileSync(at("../../schema.graphql"), "utf8");
  const [{ messages }] = await lint.lintText(text, { filePath: at("../../schema.graphql") });
  const found = messages.map((one) => `${one.ruleId ?? ""} ${one.message}`);
  assert.deepEqual(found.filter((one) => !mayStay[one]), []);
  assert.deepEqual(Object.keys(mayStay).filter((one) => !found.includes(one)), [], "exceptions for what is not found");
  const types = new Set([...text.matchAll(/^type (\w+)/gm)].map(([, name]) => name));
  const gone = Object.values(withoutId).flat().filter((name) => !types.has(name));
  assert.deepEqual(gone, [], "exceptions for types that are not there");
});

test("what will go says when", () => {
  const text = readFileSync(at("../../schema.graphql"), "utf8");
  const deprecated = [...text.matchAll(/(?<!directive )@deprecated(\(reason: "((?:[^"\\]|\\.)*)"\))?/g)];
  assert.ok(deprecated.length > 0);
  for (const [whole, , reason] of deprecated) assert.match(reason ?? "", /20\d\d-\d\d-\d\d/, whole);
});
