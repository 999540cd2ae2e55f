import { setImmediate } from "node:timers/promises";
import { isLinearizable, type Step } from "./check.js";
import { type History, type RecordedCalls, recordCalls } from "./record.js";
import type { InstanceStorage } from "hephaestus-prisma";

/** What is called, and on what. */
export interface Play {
  /** The storages that are called, each by some callers at once. */
  readonly storages: Readonly<Record<string, InstanceStorage>>;
  /** One without faults, for the last look at an instance. */
  readonly direct: InstanceStorage;
  readonly history: History;
  /** A number from 0 to 1, each time that it is called. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** How long after the last call an instance is looked at: a write that comes late shows then. */
  readonly restMs: number;
  /** Called for each history that is not linearizable. */
  readonly onViolation?: () => void;
}

/** What was found. */
export interface Verdict {
  histories: number;
  /** Those that are not linearizable. */
  readonly violations: Map<string, readonly Step[]>;
}

const CALLERS = 4; // of each storage
const CALLERS_PER_ID = 2; // so that calls meet
const CALLS = 60; // on each id: few, so that all orders can be tried

/** Calls storages at random until the signal is aborted, and says of each instance whether its history is linearizable. */
export async function playHistory({ storages, direct, history, random, signal, restMs, onViolation }: Play): Promise<Verdict> {
  const verdict: Verdict = { histories: 0, violations: new Map() };
  const last = recordCalls(direct, history, "last");
  const judged: Promise<void>[] = [];
  const callers = Object.entries(storages).flatMap(([name, storage]) =>
    Array<RecordedCalls>(CALLERS).fill(recordCalls(storage, history, name)),
  );
  const newGroup = (): Group => ({
    ids: Array.from({ length: callers.length / CALLERS_PER_ID }, (_, n) => `history::${judged.length}::${n}`),
    calls: [],
  });
  let group = newGroup();

  const call = (recorded: RecordedCalls, { ids }: Group): Promise<void> => {
    const id = ids[Math.floor(random() * ids.length)] ?? "";
    const chance = random();
    if (chance < 0.25) return recorded.get(id);
    if (chance < 0.45) return recorded.put(id);
    if (chance < 0.7) return recorded.update(id);
    if (chance < 0.8) return recorded.putExpected(id);
    if (chance < 0.9) return recorded.insert(id);
    if (chance < 0.97) return recorded.delete(id);
    return recorded.putMany(ids);
  };

  /** Looks at the instances of a group once all calls have returned and, `restMs` later, come to rest. */
  const judge = async ({ ids, calls }: Group): Promise<void> => {
    await Promise.all(calls);
    await new Promise((resolve) => setTimeout(resolve, restMs));
    for (const id of ids) {
      await last.get(id);
      await last.delete(id);
      const steps = history.steps.get(id) ?? [];
      history.steps.delete(id);
      verdict.histories++;
      if (isLinearizable(steps)) continue;
      verdict.violations.set(id, steps);
      onViolation?.();
    }
  };

  const caller = async (recorded: RecordedCalls): Promise<void> => {
    while (!signal.aborted) {
      const sent = call(recorded, group);
      group.calls.push(sent);
      if (group.calls.length === group.ids.length * CALLS) {
        judged.push(judge(group));
        group = newGroup();
      }
      await sent;
      await setImmediate(); // a storage in memory never waits, and would leave nobody else a turn
    }
  };

  await Promise.all(callers.map(caller));
  await Promise.all([...judged, judge(group)]);
  return verdict;
}

/** Instances that are called on at the same time, and the calls. */
interface Group {
  readonly ids: readonly string[];
  readonly calls: Promise<void>[];
}
