import { graphql } from "./gql/index.js";
import type { TypedDocumentString } from "./gql/graphql.js";

const SignIn = graphql(`
  mutation FirstSignIn($username: String!, $password: String!) {
    signIn(username: $username, password: $password) { accessToken userErrors { message } }
  }
`);

const Page = graphql(`
  query FirstPage($department: String!, $year: Int!) {
    declaration(departmentCode: $department, fiscalYear: $year) {
      department { name }
      result(period: YEAR_END) { score achievementRate }
      indicatorTree {
        label
        groups { label indicators { name annualTarget { text } achievement(period: YEAR_END) { status score } } }
      }
    }
  }
`);

/** One request. Types of variables and answer come from the document; decimals are texts, so that no digit is lost. */
async function ask<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  token?: string,
): Promise<Data> {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query: document, variables }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map((error: { message: string }) => error.message).join("; "));
  return data;
}

/** The page as lines: a heading, then an indicator a line. */
export async function firstPage(url: string, username: string, password: string): Promise<string[]> {
  const { signIn } = await ask(url, SignIn, { username, password });
  const token = signIn?.accessToken;
  if (!token) throw new Error(signIn?.userErrors.map((error) => error.message).join("; "));
  const { declaration } = await ask(url, Page, { department: "440118001", year: 2024 }, token);
  if (!declaration) return ["没有这份申报，或无权查看"];
  const result = declaration.result;
  const lines = [`${declaration.department.name} 得分 ${result?.score ?? "—"} 完成率 ${result?.achievementRate ?? "—"}`];
  for (const { groups } of declaration.indicatorTree) {
    for (const { label, indicators } of groups) {
      for (const { name, annualTarget, achievement } of indicators) {
        lines.push(`${label} ${name} ${annualTarget?.text ?? "—"} ${achievement?.status ?? "—"} ${achievement?.score ?? "—"}`);
      }
    }
  }
  return lines;
}
