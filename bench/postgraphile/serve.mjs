// PostGraphile 5 (it needs Node 22, which comes as a package) over the tables of the bench database, as its documentation sets it up, with as many connections as the service.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [host, port] = process.argv[2].split(":");
const connectionString = process.env.JIXIAO_DATABASE_URL;
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString, schemas: ["public"], poolConfig: { max: 8 } })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, maxRequestLength: 1_000_000 },
  grafast: { explain: false },
};
const server = createServer();
const serv = postgraphile(preset).createServ(grafserv);
await serv.addTo(server);
// The script that starts this waits for /readyz.
const [answer] = server.listeners("request");
server.removeAllListeners("request");
server.on("request", (request, response) => (request.url === "/readyz" ? response.end("ready") : answer(request, response)));
server.listen(Number(port), host);
