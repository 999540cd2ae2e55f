import { afterAll, beforeAll, expect, vi } from "vitest";
import { startedStorages } from "./started-storages.js";

// Files share a process (`isolate: false`), so each must leave it as it was: this fails the file that doesn't. Globals are
// not looked at: libraries add theirs when a test first imports them.

const CLOSED_LATER = new Set(["TCPSocketWrap", "TCPServerWrap", "PipeServerWrap", "ProcessWrap"]);

/** What the process has, by name and never by value: the environment may hold passwords. */
function state(): string[] {
  const listeners = process.eventNames().flatMap((event) => process.listeners(event as "exit").map(() => `a listener of ${String(event)}`));
  const open = process.getActiveResourcesInfo().filter((resource) => CLOSED_LATER.has(resource));
  const variables = Object.keys(process.env).map((name) => `the variable ${name}`);
  const storages = startedStorages().map((name) => `the storage ${name}`);
  return [`the folder ${process.cwd()}`, ...variables, ...storages, ...listeners, ...open];
}

/** What a list has more often than another one. */
function added(now: readonly string[], then: readonly string[]): string[] {
  const rest = [...then];
  return now.filter((each) => {
    const index = rest.indexOf(each);
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}

let before: string[];
beforeAll(() => {
  before = state();
});
afterAll(async () => {
  await vi.waitFor(() => expect(added(state(), before), "left behind in the process").toEqual([]), { timeout: 10_000 });
});
