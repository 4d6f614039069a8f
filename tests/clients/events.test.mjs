// Every client that can subscribe hears of the same changes in the same order.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient as sseClient } from "graphql-sse";
import { createClient as socketClient } from "graphql-ws";
import WebSocket from "ws";
import { change, socketUrl, token, url, watched } from "./service.mjs";

// As `Watch` of the contract, with what tells one change from another.
const query = `subscription Watch($department: String!, $year: Int!) {
  declarationChanged(departmentCode: $department, fiscalYear: $year) { id status report(period: YEAR_END) { revision } }
}`;

/** Events as they come, to be taken one by one. */
class Heard {
  #events = [];
  #waiting = [];
  add(data) {
    const event = data.declarationChanged;
    const next = this.#waiting.shift();
    if (next) next(event);
    else this.#events.push(event);
  }
  next() {
    return this.#events.length ? Promise.resolve(this.#events.shift()) : new Promise((taken) => this.#waiting.push(taken));
  }
}

// Each begins to listen, and gives what it hears and how to end it. What it says when it is ended is no matter.
const fail = (error) => {
  throw error instanceof Error ? error : new Error(JSON.stringify(error));
};
const listeners = {
  "graphql-ws": (bearer) => {
    const heard = new Heard();
    const client = socketClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: { Authorization: `Bearer ${bearer}` } });
    client.subscribe({ query, variables: watched }, { next: ({ data }) => heard.add(data), error: fail, complete() {} });
    return [heard, () => client.dispose()];
  },
  "graphql-sse": (bearer) => {
    const heard = new Heard();
    const client = sseClient({ url, headers: { authorization: `Bearer ${bearer}` } });
    client.subscribe({ query, variables: watched }, { next: ({ data }) => heard.add(data), error: fail, complete() {} });
    return [heard, () => client.dispose()];
  },
  "Apollo Client, multipart": (bearer) => {
    const heard = new Heard();
    const link = new HttpLink({ uri: url, headers: { authorization: `Bearer ${bearer}` } });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const events = client.subscribe({ query: gql(query), variables: watched, fetchPolicy: "no-cache" });
    const subscription = events.subscribe({ next: ({ data }) => heard.add(data), error: fail });
    return [heard, () => subscription.unsubscribe()];
  },
  "urql over graphql-ws": (bearer) => {
    const heard = new Heard();
    const socket = socketClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: { Authorization: `Bearer ${bearer}` } });
    const forwardSubscription = ({ query, variables }) => ({
      subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
    });
    const client = new Client({ url, exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })] });
    const subscription = client.subscription(query, watched).subscribe(({ data }) => data && heard.add(data));
    return [heard, () => (subscription.unsubscribe(), socket.dispose())];
  },
};
for (const transport of ["websocket", "multipart"]) {
  listeners[`Python gql, ${transport}`] = (bearer) => {
    const heard = new Heard();
    const python = spawn(process.env.JIXIAO_PYTHON, [new URL("events.py", import.meta.url).pathname, transport], {
      env: { ...process.env, JIXIAO_TOKEN: bearer, JIXIAO_WATCH: query, JIXIAO_WATCHED: JSON.stringify(watched) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: python.stdout }).on("line", (line) => heard.add(JSON.parse(line)));
    return [heard, () => python.kill()];
  };
}

test("the same changes in the same order", { timeout: 120_000 }, async (context) => {
  const bearer = await token("finance");
  const begun = Object.entries(listeners).map(([name, begin]) => [name, ...begin(bearer)]);
  context.after(() => begun.forEach(([, , end]) => end()));
  /** What a listener hears until it hears of a revision of the report. */
  const until = async (heard, revision) => {
    const seen = [];
    while (seen.at(-1) !== revision) seen.push((await heard.next()).report.revision);
    return seen;
  };
  // Nobody says when a subscription has begun: changes are made until each has heard of one.
  let last = 0;
  let waiting = new Set(begun.map(([name]) => name));
  const first = begun.map(([name, heard]) => heard.next().then(() => waiting.delete(name)));
  while (waiting.size) last = await change("预备");
  await Promise.all(first);
  last = await change("预备完毕");
  for (const seen of await Promise.all(begun.map(([, heard]) => until(heard, last)))) {
    assert.ok(seen.every((revision, at) => at === 0 || revision >= seen[at - 1]), `not in order: ${seen}`);
  }
  for (const note of ["一", "二", "三"]) {
    last = await change(note);
    for (const [name, heard] of begun) assert.deepEqual(await until(heard, last), [last], name);
  }
});
