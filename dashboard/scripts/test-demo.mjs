// A fresh demonstration in a folder of its own, with the built application in the program, and the tests against it.
// Usage: JIXIAO=path/to/jixiao node scripts/test-demo.mjs [arguments of playwright]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = resolve(process.env.JIXIAO ?? join(root, '../target/debug/jixiao'));
const folder = mkdtempSync(join(tmpdir(), 'jixiao-dashboard-'));
const children = [];

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
function start(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  children.push(child);
  return child;
}
async function answers(url) {
  for (let turn = 0; turn < 240; turn += 1) {
    if (await fetch(url).then((it) => it.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`${url} does not answer`);
}

let code = 1;
try {
  const service = await freePort();
  start(binary, ['demo'], { cwd: folder, env: { ...process.env, JIXIAO_LISTEN: `127.0.0.1:${service}`, JIXIAO_LOG_FILTER: 'warn' } });
  const base = `http://127.0.0.1:${service}`;
  await answers(`${base}/readyz`);
  const tests = spawn('npx', ['playwright', 'test', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: { ...process.env, BASE_URL: base } });
  code = await new Promise((done) => tests.on('exit', (status) => done(status ?? 1)));
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
