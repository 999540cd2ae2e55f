// The example on pg-boss, on a PostgreSQL of its own, or on a database that was given for that: never on that of DATABASE_URL.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../tools/postgres-server.js";

const given = process.env.DEMO_DATABASE_URL;
const server = given === undefined ? await startPostgres() : undefined;
console.log(server === undefined ? "In the database of DEMO_DATABASE_URL.\n" : "In a PostgreSQL of its own, which ends with the demo.\n");
try {
  const example = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("pg-boss/main.ts", import.meta.url))], {
    env: { ...process.env, DATABASE_URL: given ?? server?.url() },
    stdio: "inherit",
  });
  const [code] = (await once(example, "exit")) as [number | null];
  if (code !== 0) throw new Error("the example on pg-boss has failed");
} finally {
  await server?.stop();
}
console.log(`
Next: the code of what you have just seen is in examples/pg-boss, four files of 20 to 90 lines.
      npm run studio opens Prisma Studio on orders like this one.
      README.md, "Install", brings the table into a project of yours.`);
