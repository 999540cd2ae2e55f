import { afterAll, beforeAll, expect, vi } from "vitest";

// Files share a process (`isolate: false`), so each must leave it as it was: this fails the file that doesn't.

const OPEN = new Set(["TCPSocketWrap", "TCPServerWrap", "PipeServerWrap", "ProcessWrap", "MessagePort", "FSEventWrap"]);

interface State {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly globals: readonly string[];
  readonly listeners: Readonly<Record<string, number>>;
  readonly open: readonly string[];
}

function state(): State {
  const events = process.eventNames().map((event): [string, number] => [String(event), process.listenerCount(event)]);
  return {
    env: { ...process.env },
    folder: process.cwd(),
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    listeners: Object.fromEntries(events),
    open: process
      .getActiveResourcesInfo()
      .filter((resource) => OPEN.has(resource))
      .sort(),
  };
}

let before: State;
beforeAll(() => {
  before = state();
});
afterAll(async () => {
  await vi.waitFor(() => expect(state()).toEqual(before), { timeout: 10_000 }); // sockets take a moment to close
});
