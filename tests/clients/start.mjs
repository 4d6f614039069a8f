// A service of a test's own, on the demonstration's data, under its own configuration.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts it; gives its address and how to end it. */
export async function start(config) {
  const folder = await mkdtemp(join(tmpdir(), "jixiao-client-"));
  await writeFile(join(folder, "config.toml"), config);
  const port = 20000 + Math.floor(Math.random() * 12000);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("JIXIAO_")));
  Object.assign(env, { JIXIAO_LISTEN: `127.0.0.1:${port}`, JIXIAO_LOG_FILTER: "error" });
  const service = spawn(process.env.JIXIAO_BINARY, ["demo"], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  const base = `http://127.0.0.1:${port}`;
  for (let up = false; !up; ) {
    assert.equal(service.exitCode, null, "the service did not start");
    up = await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false);
    if (!up) await new Promise((done) => setTimeout(done, 100));
  }
  const stop = async () => {
    const ended = new Promise((done) => service.once("exit", done));
    service.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `${base}/graphql`, stop };
}
