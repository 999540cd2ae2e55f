import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { numbered } from "../writers.js";
import type { Held, Step } from "./check.js";

/** What was called on each instance, and what came of it. */
export class History {
  readonly steps: Map<string, Step[]> = new Map();
  #events = 0;
  #numbers = 0;
  acknowledged = 0;
  outcomesUnknown = 0;

  /** The place of what happens now, in the order of all events. */
  now(): number {
    return ++this.#events;
  }

  /** What no other write stores. */
  nextNumber(): number {
    return ++this.#numbers;
  }

  add(id: string, step: Step): void {
    this.steps.set(id, [...(this.steps.get(id) ?? []), step]);
  }
}

/** Calls on instances, by the names of the storage's methods. */
export type RecordedCalls = Readonly<
  Record<"get" | "put" | "insert" | "delete" | "update" | "putExpected", (id: string) => Promise<void>> & {
    putMany: (ids: readonly string[]) => Promise<void>;
  }
>;

type Wanted = Pick<Step, "found" | "left" | "invoked" | "call">;

/** Records what is called on a storage, under a name for what is printed. */
export function recordCalls(storage: InstanceStorage, history: History, name: string): RecordedCalls {
  /** Records what a call has done: what it wanted, or what its error says. One that has failed otherwise has left nothing. */
  const record = (id: string, { found, left, invoked, call }: Wanted, code = "OK"): void => {
    const step = { invoked, call: `${name} ${call}: ${code}` };
    const returned = history.now();
    if (code === "OK") history.add(id, { ...step, returned, ...(found && { found }), ...(left !== undefined && { left }) });
    else if (code === "OUTCOME_UNKNOWN")
      history.add(id, { ...step, returned: Infinity, ...(found && { found }), ...(left !== undefined && { left }) });
    else if (code === "INSTANCE_EXISTS") history.add(id, { ...step, returned, found: { not: null } });
    else if (code === "INSTANCE_NOT_FOUND") history.add(id, { ...step, returned, found: { is: null } });
    else if (code === "CONFLICT" && found && "is" in found) history.add(id, { ...step, returned, found: { not: found.is } });
  };

  const write = async (ids: readonly string[], wanted: () => Wanted, send: () => Promise<unknown>): Promise<void> => {
    const code = await send().then(() => "OK", codeOf);
    if (code === "OK") history.acknowledged++;
    if (code === "OUTCOME_UNKNOWN") history.outcomesUnknown++;
    for (const id of ids) record(id, wanted(), code);
  };

  const read = async (id: string): Promise<Instance | null | undefined> => {
    const wanted = { invoked: history.now(), call: "get" };
    const instance = await storage.get(id).catch(() => undefined); // it says nothing then
    if (instance !== undefined) record(id, { ...wanted, found: { is: heldBy(instance) } });
    return instance;
  };

  return {
    get: async (id) => void (await read(id)),

    async put(id) {
      const wanted = { left: history.nextNumber(), invoked: history.now(), call: "put" };
      await write(
        [id],
        () => wanted,
        () => storage.put(numbered(id, wanted.left)),
      );
    },

    async insert(id) {
      const wanted = { found: { is: null }, left: history.nextNumber(), invoked: history.now(), call: "insert" };
      await write(
        [id],
        () => wanted,
        () => storage.insert(numbered(id, wanted.left)),
      );
    },

    async delete(id) {
      const wanted = { left: null, invoked: history.now(), call: "delete" };
      await write(
        [id],
        () => wanted,
        () => storage.delete(id),
      );
    },

    async putMany(ids) {
      const wanted = { left: history.nextNumber(), invoked: history.now(), call: "putMany" };
      await write(
        ids,
        () => wanted,
        () => storage.putMany(ids.map((id) => numbered(id, wanted.left))),
      );
    },

    async putExpected(id) {
      const expected = await read(id);
      if (!expected) return;
      const wanted = { found: { is: heldBy(expected) }, left: history.nextNumber(), invoked: history.now(), call: "put with expected" };
      await write(
        [id],
        () => wanted,
        () => storage.put(numbered(id, wanted.left), { expected }),
      );
    },

    async update(id) {
      const left = history.nextNumber();
      let wanted: Wanted = { invoked: history.now(), call: "update" };
      const change = (current: Instance): Instance => {
        const found = { is: heldBy(current) };
        record(id, { invoked: wanted.invoked, found, call: "update's read" });
        wanted = { invoked: history.now(), found, left, call: "update" };
        return numbered(id, left);
      };
      await write(
        [id],
        () => wanted,
        () => storage.update(id, change),
      );
    },
  };
}

function heldBy(instance: Instance | null): Held {
  return instance === null ? null : Number(instance.runtimeMetadata.n);
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
