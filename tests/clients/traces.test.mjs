// Traces reach a collector (OTLP over HTTP), with the name of the operation and without what it was asked for.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { start } from "./start.mjs";

test("a collector hears of operations and of no variables", async () => {
  const heard = [];
  const collector = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    heard.push({ path: request.url, text: Buffer.concat(chunks).toString("latin1") });
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise((done) => collector.listen(0, "127.0.0.1", done));
  const service = await start(`otlp_endpoint = "http://127.0.0.1:${collector.address().port}"\n`);
  const query = "query AskedByATest($code: String!) { declaration(departmentCode: $code, fiscalYear: 2024) { id } }";
  const body = JSON.stringify({ query, variables: { code: "nobody-is-to-know" } });
  await fetch(service.url, { method: "POST", headers: { "content-type": "application/json" }, body });
  // What is left is sent when the service stops.
  await service.stop();
  collector.close();
  const text = heard.map((one) => one.text).join("");
  assert.ok(heard.every((one) => one.path === "/v1/traces"));
  assert.ok(text.includes("AskedByATest") && text.includes("jixiao") && text.includes("graphql.operation.type"), text.slice(0, 300));
  assert.ok(!text.includes("nobody-is-to-know"));
});
