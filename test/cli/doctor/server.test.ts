import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../../tools/free-port.js";
import { createMigratedDatabase, createRole, query } from "../../migrate/empty-database.js";
import { run } from "../program.js";
import { diagnose, fixAll } from "./diagnose.js";

describe("hephaestus-prisma doctor on the server", () => {
  it("says why it can't connect, and repeats no secret", async () => {
    const url = await createMigratedDatabase();
    const at = (change: Partial<URL>): string => Object.assign(new URL(url), change).href;
    const port = await freePort();
    const cases = [
      [
        at({ port: String(port), password: "hidden" }),
        {
          check: "server",
          found: `connect ECONNREFUSED 127.0.0.1:${port}`,
          expected: `a PostgreSQL server at 127.0.0.1:${port}`,
        },
      ],
      [
        at({ password: "hidden" }),
        {
          check: "login",
          found: 'password authentication failed for user "postgres"',
          expected: 'a login as the role "postgres"',
          fix: 'correct user and password in DATABASE_URL or --url, or set a new password in psql: \\password "postgres"',
        },
      ],
      [at({ password: "" }), { check: "login", expected: 'a login as the role "postgres"' }],
      [
        at({ pathname: "/nowhere" }),
        {
          check: "database",
          found: 'database "nowhere" does not exist',
          expected: 'a database "nowhere"',
          fix: "correct the database in DATABASE_URL or --url, or create and migrate it: npx prisma migrate deploy",
        },
      ],
    ] as const;
    for (const [broken, finding] of cases) {
      const { code, wrong } = await diagnose(broken, [], { env: { PGPASSWORD: undefined } });
      expect({ code, wrong }).toMatchObject({ code: 1, wrong: [{ ok: false, ...finding }] });
      expect(JSON.stringify(wrong)).not.toMatch(/hidden|postgresql:/);
    }
    const app = await createRole(url);
    await query(url, `REVOKE CONNECT ON DATABASE ${new URL(url).pathname.slice(1)} FROM PUBLIC`);
    const { wrong } = await diagnose(app.url);
    expect(wrong).toMatchObject([{ check: "database", ok: false, expected: `that the role "${app.role}" may connect` }]);
    await fixAll(url, wrong);
    expect((await diagnose(app.url)).wrong).not.toContainEqual(expect.objectContaining({ check: "database" }));
    const { code, out, err } = await run(["doctor"], at({ password: "hidden" }));
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("!!  login\n    found:    password authentication failed");
    expect(out).not.toMatch(/^ +at |hidden/m);
  });

  it("names a server that is too old", async () => {
    const url = await createMigratedDatabase();
    const [version] = await query(url, "SELECT current_setting('server_version_num') AS number");
    const proxy = createServer((client) => {
      const server = connect(Number(new URL(url).port), "127.0.0.1");
      for (const socket of [client, server]) socket.on("error", () => {});
      client.pipe(server);
      server.on("data", (chunk) => {
        const aged = chunk.toString("latin1").replaceAll(String(version?.number), "130022");
        client.write(aged, "latin1");
      });
    });
    const port = await freePort();
    await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const { code, wrong } = await diagnose(Object.assign(new URL(url), { port: String(port) }).href);
    expect({ code, wrong }).toEqual({
      code: 1,
      wrong: [
        {
          check: "server",
          ok: false,
          found: expect.stringMatching(/^PostgreSQL \d/) as string,
          expected: "PostgreSQL 15 or newer",
          fix: "upgrade the server: https://www.postgresql.org/docs/current/upgrading.html",
        },
      ],
    });
  });
});
