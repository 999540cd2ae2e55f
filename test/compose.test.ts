import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

test("compose.yaml starts the database that .env.example names", () => {
  const compose = read("compose.yaml");
  const value = (key: RegExp): string | undefined => new RegExp(`^ +${key.source}(.+?)"?$`, "m").exec(compose)?.[1];
  const url = new URL(parseEnv(read(".env.example")).DATABASE_URL ?? "");
  expect(value(/POSTGRES_USER: /)).toBe(url.username);
  expect(value(/POSTGRES_PASSWORD: /)).toBe(url.password);
  expect(value(/POSTGRES_DB: /)).toBe(url.pathname.slice(1));
  expect(value(/- "/)).toBe(`${url.hostname}:${url.port}:5432`);
});

test(".env.example's server for the tests is the same one", () => {
  const env = parseEnv(read(".env.example").replaceAll(/^# (?=\w+=)/gm, ""));
  const [demo, tests] = [new URL(env.DATABASE_URL ?? ""), new URL(env.TEST_DATABASE_URL ?? "")];
  expect([tests.host, tests.username, tests.password]).toEqual([demo.host, demo.username, demo.password]);
});
