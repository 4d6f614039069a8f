// People whom a real identity provider knows: its tokens, a rotation of its keys under load, and everything that is no token.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import * as jose from "jose";
import Provider from "oidc-provider";
import { start } from "./start.mjs";

const audience = "jixiao";
const client = { client_id: "zhang", client_secret: "a-secret-of-the-client-alone" };
let listener, issuer, current, groups, looks, service, url;

async function key(kid) {
  const { publicKey, privateKey } = await jose.generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await jose.exportJWK(privateKey)), kid, alg: "RS256", use: "sig" } };
}

/** The provider with these keys; it signs with the first. */
function provide(...keys) {
  current = new Provider(issuer, {
    jwks: { keys: keys.map((one) => one.jwk) },
    clients: [{ ...client, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] }],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: "api", audience, accessTokenTTL: 600, accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } }),
      },
    },
    extraTokenClaims: () => ({ groups, name: "张审计", preferred_username: "zhang" }),
  }).callback();
}

async function token() {
  const body = new URLSearchParams({ grant_type: "client_credentials", resource: "urn:jixiao", scope: "api" });
  const authorization = "Basic " + Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const response = await fetch(`${issuer}/token`, { method: "POST", headers: { authorization }, body });
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()).access_token;
}

async function ask(token, query = "{ viewer { username displayName grants { role jurisdiction { code } } } }") {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  return { status: response.status, body: await response.json() };
}

before(async () => {
  listener = createServer((request, response) => {
    if (request.url === "/jwks") looks += 1;
    current(request, response);
  });
  await new Promise((done) => listener.listen(0, "127.0.0.1", done));
  issuer = `http://127.0.0.1:${listener.address().port}`;
  looks = 0;
  groups = ["audit"];
  service = await start(`[oidc]
issuer = "${issuer}"
audience = "${audience}"
grants = [{ claim = "groups", value = "audit", role = "AUDITOR", jurisdiction = "440000" }]
`);
  url = service.url;
});

after(async () => {
  listener.close();
  await service.stop();
});

test("a token of the provider is somebody with the rights of its claims; keys rotate and no request fails", async () => {
  const [first, second] = [await key("first"), await key("second")];
  provide(first);
  const old = await token();
  const { status, body } = await ask(old);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.data.viewer, {
    username: "zhang",
    displayName: "张审计",
    grants: [{ role: "AUDITOR", jurisdiction: { code: "440000" } }],
  });
  // The keys change under load: new tokens are signed with one that nobody here has seen.
  let over = false;
  let asked = 0;
  const tokens = [old];
  const load = Array.from({ length: 8 }, async (_, worker) => {
    while (!over) {
      const answer = await ask(tokens[(asked + worker) % tokens.length]);
      assert.equal(answer.body.data?.viewer?.username, "zhang", JSON.stringify(answer));
      asked += 1;
    }
  });
  provide(second, first);
  const fresh = await token();
  assert.equal(jose.decodeProtectedHeader(fresh).kid, "second");
  tokens.push(fresh);
  const until = asked + 200;
  while (asked < until) await new Promise((done) => setTimeout(done, 10));
  over = true;
  await Promise.all(load);
  assert.ok(looks <= 3, `${looks} looks at the keys`);
  // Rights follow the claims of the next token.
  groups = [];
  assert.deepEqual((await ask(await token())).body.data.viewer.grants, []);
  groups = ["audit"];
  assert.equal((await ask(await token())).body.data.viewer.grants.length, 1);

  // Everything that is no token.
  const claims = { sub: "zhang", groups: ["audit"] };
  const sign = (with_ = {}) => {
    const { key = second.privateKey, kid = "second", alg = "RS256", iss = issuer, aud = audience, iat, exp = "5m", nbf } = with_;
    const jwt = new jose.SignJWT(claims).setProtectedHeader({ alg, kid }).setIssuer(iss).setAudience(aud).setIssuedAt(iat).setExpirationTime(exp);
    return (nbf ? jwt.setNotBefore(nbf) : jwt).sign(key);
  };
  assert.equal((await ask(await sign())).status, 200, "signed by hand it is as good");
  const now = Math.floor(Date.now() / 1000);
  const pem = new TextEncoder().encode(await jose.exportSPKI(second.publicKey));
  const bad = {
    "no signature": new jose.UnsecuredJWT(claims).setIssuer(issuer).setAudience(audience).setExpirationTime("5m").encode(),
    "the public key as a shared secret": await sign({ key: pem, alg: "HS256" }),
    "another audience": await sign({ aud: "another" }),
    "another issuer": await sign({ iss: "http://127.0.0.1:1" }),
    "ended": await sign({ iat: now - 600, exp: now - 300 }),
    "far in the future": await sign({ exp: "60d" }),
    "not yet": await sign({ nbf: now + 600 }),
    "issued in the future": await sign({ iat: now + 600, exp: now + 900 }),
    "another's key under a known name": await sign({ key: (await key("second")).privateKey }),
    "an unknown key": await sign({ key: (await key("third")).privateKey, kid: "third" }),
    "an algorithm that was not chosen": await sign({ alg: "PS256", key: await jose.importJWK({ ...second.jwk, alg: "PS256" }, "PS256") }),
  };
  for (const [what, token] of Object.entries(bad)) {
    const answer = await ask(token);
    assert.equal(answer.status, 401, what);
    assert.equal(answer.body.errors[0].extensions.code, "UNAUTHENTICATED", what);
  }
  // Invented names of keys do not make it ask again and again, and known keys hold while the provider is away.
  listener.closeAllConnections();
  const seen = looks;
  for (let n = 0; n < 50; n++) assert.equal((await ask(await sign({ kid: `invented-${n}` }))).status, 401);
  assert.ok(looks - seen <= 6, `${looks - seen} looks`);
  listener.close();
  assert.equal((await ask(await sign())).status, 200, "without the provider");
});
