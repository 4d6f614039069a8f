// What every client here needs: where the service is, a token, and the documents of the contract.
import { readFileSync } from "node:fs";

export const url = process.env.JIXIAO_URL;
if (!url) throw new Error("JIXIAO_URL is not set: run scripts/clients.sh");
export const socketUrl = url.replace(/^http/, "ws");

const source = readFileSync(new URL("../contract/operations.graphql", import.meta.url), "utf8").replace(/#[^\n]*/g, "");

function definition(kind, name) {
  const from = source.search(new RegExp(`\\b${kind} ${name}\\b`));
  if (from < 0) throw new Error(`${kind} ${name} is not in the contract`);
  let depth = 0;
  for (let at = source.indexOf("{", from); ; at++) {
    if (source[at] === "{") depth++;
    if (source[at] === "}" && --depth === 0) return source.slice(from, at + 1);
  }
}

/** An operation of the contract with every fragment it needs. */
export function document(kind, name) {
  const parts = [definition(kind, name)];
  const known = new Set();
  for (let at = 0; at < parts.length; at++) {
    for (const [, fragment] of parts[at].matchAll(/\.\.\.\s*(\w+)/g)) {
      if (fragment !== "on" && !known.has(fragment)) {
        known.add(fragment);
        parts.push(definition("fragment", fragment));
      }
    }
  }
  return parts.join("\n");
}

/** Sends a document without any client library. */
export async function send(query, variables, token) {
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

/** An access token of one of the demonstration's users. */
export async function token(username) {
  const query = `mutation($name: String!) { signIn(username: $name, password: "jixiao-demo-2024") { accessToken userErrors { message } } }`;
  const answer = await send(query, { name: username });
  return answer.data.signIn.accessToken;
}

export const watched = { department: "440118001", year: 2024 };

/** The demonstration's declaration and an indicator of it that takes a number. */
export async function sheet(name) {
  const own = await token(name);
  const page = await send(document("query", "DeclarationPage"), watched, own);
  const declaration = page.data.declaration;
  const indicators = declaration.indicatorTree.flatMap((level) => level.groups.flatMap((group) => group.indicators));
  const report = await send(document("query", "ReportingSheet"), { declaration: declaration.id, period: "YEAR_END" }, own);
  return { token: own, declaration, indicators, report: report.data.report };
}

/** Changes the declaration once, by a note beside an indicator's value; gives the revision of its report. */
export async function change(note) {
  const { token, declaration, report } = await sheet("filer");
  const row = report.rows.find((row) => row.current?.text);
  const input = { declarationId: declaration.id, period: "YEAR_END", entries: [{ indicatorId: row.indicator.id, text: row.current.text, note }] };
  const answer = await send(document("mutation", "RecordActualValues"), { input }, token);
  const done = answer.data?.actualValuesRecord;
  if (!done || done.userErrors.length || done.results.some((one) => one.userErrors.length)) throw new Error(JSON.stringify(answer));
  return done.report.revision;
}
