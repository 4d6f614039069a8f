// Clients that are generated from the schema: graphql-codegen under `tsc --strict`, Relay's compiler; and what their manifests
// of trusted documents, and urql's persisted documents, are to the service.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import relay from "relay-runtime";
import { document, sheet, token, url, watched } from "./service.mjs";
import { start } from "./start.mjs";

const at = (path) => new URL(path, import.meta.url).pathname;
const run = (program, args, folder = ".") => execFileSync(at(`node_modules/.bin/${program}`), args, { cwd: at(folder), stdio: "pipe" });
let strict;

before(async () => {
  run("graphql-codegen", ["--config", "first-page/codegen.json"]);
  run("tsc", ["--project", "first-page"]);
  // The compiler fills in only what it writes anew.
  rmSync(at("relay/__generated__"), { recursive: true, force: true });
  writeFileSync(at("relay/persisted.json"), "{}");
  run("relay-compiler", ["relay.config.json"], "relay");
  const manifests = [at("relay/persisted.json"), at("first-page/gql/persisted-documents.json")];
  strict = await start(`trusted_documents = "enforce"\ntrusted_documents_files = ${JSON.stringify(manifests)}\n`);
});
after(() => strict.stop());

test("graphql-codegen: the first page, its types from the schema", async () => {
  const { firstPage } = await import("./first-page/built/page.js");
  const lines = await firstPage(url, "auditor", "jixiao-demo-2024");
  assert.equal(lines.length, 15);
  assert.match(lines[0], /得分 \d+\.\d+ 完成率 /);
  await assert.rejects(firstPage(url, "auditor", "wrong"), /用户名或密码错误/);
});

test("a page that does not fit the schema is not compiled", () => {
  const wrong = readFileSync(at("first-page/page.ts"), "utf8").replace("declaration.department.name", "declaration.department.nothing");
  writeFileSync(at("first-page/gql/wrong.ts"), wrong.replaceAll("./gql/", "./"));
  try {
    assert.throws(() => run("tsc", ["--project", "first-page", "--noEmit"]));
  } finally {
    rmSync(at("first-page/gql/wrong.ts"));
  }
});

test("the guide shows this very code", () => {
  const guide = readFileSync(at("../../docs/first-page.md"), "utf8");
  for (const file of ["page.ts", "codegen.json"]) assert.ok(guide.includes(readFileSync(at(`first-page/${file}`), "utf8")), file);
});

/** Relay's environment; documents go by their ids where the service trusts a manifest. */
function environment(bearer, service) {
  const texts = JSON.parse(readFileSync(at("relay/persisted.json"), "utf8"));
  const fetching = async ({ id }, variables) => {
    const body = service === strict.url ? { documentId: id, variables } : { query: texts[id], variables };
    const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
    return (await fetch(service, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  return new relay.Environment({ network: relay.Network.create(fetching), store: new relay.Store(new relay.RecordSource()) });
}

test("Relay: a list in pages by its compiler's artifacts, and a mutation that updates the store", async () => {
  const { default: query } = await import("./relay/__generated__/IndicatorPagesQuery.graphql.js");
  const { default: more } = await import("./relay/__generated__/IndicatorPagesMoreQuery.graphql.js");
  const { default: note } = await import("./relay/__generated__/IndicatorPagesNoteMutation.graphql.js");
  const own = environment(await token("filer"), url);
  const seen = new Set();
  for (let after = null, first = true; first || after; first = false) {
    const operation = relay.createOperationDescriptor(first ? query : more, { year: 2024, count: 5, after });
    const answer = await own.execute({ operation }).toPromise();
    const { edges, pageInfo } = (Array.isArray(answer) ? answer[0] : answer).data.indicators;
    for (const { node } of edges) assert.ok(!seen.has(node.id) && seen.add(node.id), "twice");
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  }
  assert.equal(seen.size, 14);
  const { declaration, report } = await sheet("filer");
  const row = report.rows.find((row) => row.current?.text);
  const input = { declarationId: declaration.id, period: "YEAR_END", entries: [{ indicatorId: row.indicator.id, text: row.current.text, note: "Relay" }] };
  const done = await new Promise((onCompleted, onError) => relay.commitMutation(own, { mutation: note, variables: { input }, onCompleted, onError }));
  assert.deepEqual(done.actualValuesRecord.userErrors, []);
  assert.equal(own.getStore().getSource().get(done.actualValuesRecord.report.id).revision, done.actualValuesRecord.report.revision);
});

test("manifests of Relay and graphql-codegen are all that a strict service executes", async () => {
  const post = async (body) => (await fetch(strict.url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
  const documents = JSON.parse(readFileSync(at("first-page/gql/persisted-documents.json"), "utf8"));
  const [id] = Object.entries(documents).find(([, text]) => text.includes("mutation FirstSignIn"));
  const signed = await post({ documentId: `sha256:${id}`, variables: { username: "auditor", password: "jixiao-demo-2024" } });
  const unprefixed = await post({ documentId: id, variables: { username: "auditor", password: "jixiao-demo-2024" } });
  assert.ok(signed.data?.signIn.accessToken ?? unprefixed.data?.signIn.accessToken, JSON.stringify([signed, unprefixed]));
  const { default: query } = await import("./relay/__generated__/IndicatorPagesQuery.graphql.js");
  const operation = relay.createOperationDescriptor(query, { year: 2024, count: 5, after: null });
  const answer = await environment(unprefixed.data.signIn.accessToken, strict.url).execute({ operation }).toPromise();
  assert.equal(answer.data.indicators.edges.length, 5);
  assert.equal((await post({ query: "{ __typename }" })).errors[0].extensions.code, "DOCUMENT_NOT_TRUSTED");
});

test("urql leaves its documents at the service, then sends their hashes alone", async () => {
  const bearer = await token("filer");
  const bodies = [];
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [persistedExchange({ preferGetForPersistedQueries: false }), fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${bearer}` } },
    fetch: (address, options) => {
      bodies.push(JSON.parse(options.body));
      return fetch(address, options);
    },
  });
  for (let round = 0; round < 2; round++) {
    const { data, error } = await client.query(document("query", "DeclarationPage"), watched, { requestPolicy: "network-only" }).toPromise();
    assert.equal(error, undefined);
    assert.equal(data.declaration.department.code, watched.department);
  }
  // The hash, not known; the text with it; the hash, known.
  assert.deepEqual(bodies.map((body) => [body.query !== undefined, body.extensions.persistedQuery.sha256Hash.length]), [[false, 64], [true, 64], [false, 64]]);
});
