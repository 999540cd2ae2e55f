import { once } from "node:events";
import { connect } from "node:net";
import { neonConfig, Pool } from "@neondatabase/serverless";
import { createPgStorage } from "hephaestus-prisma/pg";
import { createWebSocketStream, WebSocket, WebSocketServer } from "ws";
import { keepsContract } from "./keeps-contract.js";

// What Neon has before its servers: a WebSocket for each connection.
const { port } = new URL(process.env.DATABASE_URL ?? "");
const proxy = new WebSocketServer({ port: 0, host: "127.0.0.1" });
proxy.on("connection", (socket) => {
  const [stream, server] = [createWebSocketStream(socket), connect(Number(port), "127.0.0.1")];
  stream.on("error", () => server.destroy());
  server.on("error", () => socket.terminate());
  stream.pipe(server).pipe(stream);
});
await once(proxy, "listening");
const address = proxy.address();
Object.assign(neonConfig, {
  webSocketConstructor: WebSocket,
  wsProxy: typeof address === "object" ? `127.0.0.1:${address?.port}` : "",
  useSecureWebSocket: false,
  pipelineConnect: false,
});

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {});
const storage = createPgStorage(pool);
await keepsContract({
  name: "Neon's Pool",
  storage,
  async transact(run) {
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      const result = await run(storage.withTransaction(client), (id) => client.query("INSERT INTO orders (id) VALUES ($1)", [id]));
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  },
});
await pool.end();
proxy.close();
