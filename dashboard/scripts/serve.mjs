// Serves dist/ as the binary does: strict Content-Security-Policy, hashed assets for ever, index.html for every page, and hands
// the service's own paths on to it. Usage: SERVICE=http://127.0.0.1:8080 PORT=8090 node scripts/serve.mjs
import { createReadStream, existsSync, statSync } from 'node:fs';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

const root = fileURLToPath(new URL('../dist', import.meta.url));
const service = new URL(process.env.SERVICE ?? 'http://127.0.0.1:8080');
const port = Number(process.env.PORT ?? 8090);
const SERVICE_PATHS = /^\/(graphql|evidence|export|audit-pack|healthz|readyz)(\/|$|\?)/;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png', '.woff2': 'font/woff2' };
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

function forward(request, response) {
  const onward = http.request(
    { host: service.hostname, port: service.port, path: request.url, method: request.method, headers: { ...request.headers, host: service.host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.writeHead(502).end());
  request.pipe(onward);
}

function serve(request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
  const asked = join(root, path);
  const found = asked.startsWith(root) && existsSync(asked) && statSync(asked).isFile();
  const file = found ? asked : join(root, 'index.html');
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const headers = {
    'content-type': type,
    'cache-control': found && path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  if (!found && path.startsWith('/assets/')) return response.writeHead(404).end();
  if (/text|javascript|json|svg/.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' });
    return createReadStream(file).pipe(createGzip({ level: 9 })).pipe(response);
  }
  response.writeHead(200, headers);
  return createReadStream(file).pipe(response);
}

http.createServer((request, response) => (SERVICE_PATHS.test(request.url) ? forward(request, response) : serve(request, response)))
  .listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port} → ${service.origin}`));
