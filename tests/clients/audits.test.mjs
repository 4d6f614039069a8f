// Every audit of GraphQL over HTTP by the reference implementation's own list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serverAudits } from "graphql-http";
import { url } from "./service.mjs";

const audits = serverAudits({ url, fetchFn: fetch });

test("all of them are run", () => assert.equal(audits.length, 61));
for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, "ok", result.status === "ok" ? "" : result.reason);
  });
}
