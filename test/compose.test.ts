import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Compose {
  readonly services: { readonly postgres: { readonly environment: Readonly<Record<string, string>>; readonly ports: readonly string[] } };
}

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

test("compose.yaml starts the database that .env.example names", () => {
  const { environment, ports } = (parse(read("compose.yaml")) as Compose).services.postgres;
  const url = new URL(parseEnv(read(".env.example")).DATABASE_URL ?? "");
  expect(environment).toEqual({
    POSTGRES_USER: url.username,
    POSTGRES_PASSWORD: url.password,
    POSTGRES_DB: url.pathname.slice(1),
  });
  expect(ports).toEqual([`${url.hostname}:${url.port}:5432`]);
});

test(".env.example names the same server for the tests", () => {
  const env = parseEnv(read(".env.example").replaceAll(/^# (?=\w+=)/gm, ""));
  const [demo, tests] = [new URL(env.DATABASE_URL ?? ""), new URL(env.TEST_DATABASE_URL ?? "")];
  expect([tests.host, tests.username, tests.password]).toEqual([demo.host, demo.username, demo.password]);
});
