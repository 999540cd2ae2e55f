import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.js";
import { serverIdentity } from "./server-identity.js";

/** A PgBouncer in transaction mode in front of a PostgreSQL. */
export interface PgBouncer {
  readonly url: string;
  /** Ends it at once, and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Debian's PgBouncer in front of a database. @throws {Error} if it is not installed. */
export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const program = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"].map((folder) => join(folder, "pgbouncer")).find(existsSync);
  if (program === undefined) throw new Error("this needs PgBouncer: apt-get install pgbouncer, or brew install pgbouncer");
  const { hostname, port: serverPort, username, password, pathname } = new URL(databaseUrl);
  const port = await freePort();
  const home = await mkdtemp(join(tmpdir(), "hephaestus-pgbouncer-"));
  const config = join(home, "pgbouncer.ini");
  writeFileSync(join(home, "users.txt"), `"${username}" "${password}"\n`);
  writeFileSync(
    config,
    `[databases]
* = host=${hostname} port=${serverPort} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(home, "users.txt")}
pool_mode = transaction
default_pool_size = 5
max_client_conn = 200
`,
  );
  if (serverIdentity) await chown(home, serverIdentity.uid, serverIdentity.gid);
  const start = async (): Promise<ChildProcess> => {
    const bouncer = spawn(program, [config], { ...serverIdentity, cwd: home, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    bouncer.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
    while (!(await listens(port))) {
      if (bouncer.exitCode !== null) throw new Error(`pgbouncer did not start:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return bouncer;
  };
  let bouncer = await start();
  const kill = async (): Promise<void> => {
    const exited = new Promise((resolve) => bouncer.once("exit", resolve));
    bouncer.kill("SIGKILL");
    await exited;
  };
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`,
    async restart() {
      await kill();
      bouncer = await start();
    },
    async stop() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
