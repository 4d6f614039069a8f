// The main job of a front end, by Apollo Client and by urql: a page, a list in pages, a preview, a mistake on its field.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { document, sheet, token, url, watched } from "./service.mjs";

function apollo(bearer) {
  const cache = new InMemoryCache({ typePolicies: { Query: { fields: { indicators: relayStylePagination(["filter", "orderBy"]) } } } });
  const link = new HttpLink({ uri: url, headers: { authorization: `Bearer ${bearer}` } });
  return new ApolloClient({ link, cache });
}

function urql(bearer) {
  return new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${bearer}` } },
  });
}

// Each client as [query, mutate], each giving `data`.
const clients = {
  "Apollo Client": (bearer) => {
    const client = apollo(bearer);
    const query = async (text, variables) => (await client.query({ query: gql(text), variables, fetchPolicy: "network-only" })).data;
    const mutate = async (text, variables) => (await client.mutate({ mutation: gql(text), variables })).data;
    return [query, mutate];
  },
  urql: (bearer) => {
    const client = urql(bearer);
    const taken = ({ data, error }) => {
      if (error) throw new Error(error.message);
      return data;
    };
    const query = async (text, variables) => taken(await client.query(text, variables).toPromise());
    const mutate = async (text, variables) => taken(await client.mutation(text, variables).toPromise());
    return [query, mutate];
  },
};

for (const [name, make] of Object.entries(clients)) {
  test(`${name}: a page, whole`, async () => {
    const [query] = make(await token("filer"));
    const { declaration } = await query(document("query", "DeclarationPage"), watched);
    assert.equal(declaration.department.code, watched.department);
    const indicators = declaration.indicatorTree.flatMap((level) => level.groups.flatMap((group) => group.indicators));
    assert.equal(indicators.length, 14);
    const steps = indicators.flatMap((one) => one.achievement.explanation.steps);
    assert.ok(steps.length > 14 && steps.every((step) => typeof step.value === "string"));
  });

  test(`${name}: a list in pages, every row once`, async () => {
    const [query] = make(await token("auditor"));
    const seen = new Set(); // Apollo's cache hands out all pages so far, urql's the last
    const filter = { fiscalYears: [watched.year], statuses: ["ACHIEVED", "EXCEEDED"] };
    for (let after = null; ; ) {
      const { indicators } = await query(document("query", "Unmet"), { filter, first: 5, after });
      indicators.edges.forEach((edge) => seen.add(edge.node.id));
      if (!indicators.pageInfo.hasNextPage) {
        assert.equal(seen.size, indicators.totalCount);
        break;
      }
      after = indicators.pageInfo.endCursor;
    }
    assert.ok(seen.size > 5);
  });

  test(`${name}: a preview writes nothing, and a mistake is told on its field`, async () => {
    const { token: bearer, declaration, report } = await sheet("filer");
    const [query, mutate] = make(bearer);
    const met = (row) => ["ACHIEVED", "EXCEEDED"].includes(row.achievement.status) && row.indicator.annualTarget.text.startsWith("≥");
    const row = report.rows.find(met);
    const entries = [{ indicatorId: row.indicator.id, text: "0" }, { indicatorId: row.indicator.id, text: "-1" }];
    const input = { declarationId: declaration.id, period: "YEAR_END", entries: [entries[0]] };
    const preview = await query(document("query", "PreviewActualValues"), { input });
    assert.equal(preview.actualValuesPreview.results[0].achievement.status, "NOT_ACHIEVED");
    const wrong = await mutate(document("mutation", "RecordActualValues"), { input: { ...input, entries: [entries[1]] } });
    const errors = [...wrong.actualValuesRecord.userErrors, ...wrong.actualValuesRecord.results.flatMap((one) => one.userErrors)];
    assert.ok(errors.length > 0 && errors.every((error) => error.field.join(".").includes("entries.0")), JSON.stringify(wrong));
    const stale = await mutate(document("mutation", "RecordActualValues"), { input: { ...input, expectedRevision: 0 } });
    assert.equal(stale.actualValuesRecord.userErrors[0].code, "CONFLICT");
    const after = await query(document("query", "ReportingSheet"), { declaration: declaration.id, period: "YEAR_END" });
    assert.equal(after.report.revision, report.revision);
  });
}
