import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

if (existsSync(".env")) loadEnvFile(".env");

// The native schema-engine is downloaded from a host that many machines can't reach. The same engine
// comes from npm as WebAssembly. `PRISMA_NATIVE_SCHEMA_ENGINE=1` goes back to the native one.
if (process.env.PRISMA_NATIVE_SCHEMA_ENGINE !== "1") {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("tools/schema-engine.js", import.meta.url));
}

const url = process.env.DATABASE_URL;
const shadowDatabaseUrl = process.env.SHADOW_DATABASE_URL;

export default defineConfig({
  schema: "prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { ...(url && { url }), ...(shadowDatabaseUrl && { shadowDatabaseUrl }) },
});
