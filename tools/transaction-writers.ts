import type { InstanceStorage } from "hephaestus-prisma";
import type { Connected } from "./ways.js";
import { countOutcome, numbered, type Tally } from "./writers.js";

const BATCH = 2_000; // two statements, and so a transaction

/** Writes pairs in transactions of their own, and large batches, until the signal is aborted. */
export async function runTransactions(connected: Connected, storage: InstanceStorage, signal: AbortSignal, tally: Tally): Promise<void> {
  const pairs = async (writer: number): Promise<void> => {
    const ids = ["left", "right"].map((side) => `${tally.prefix}${writer}::${side}`);
    for (let n = 1; !signal.aborted; n++) {
      try {
        await connected.inTransaction(async (within) => {
          for (const id of ids) await within.put(numbered(id, n));
        });
        for (const id of ids) tally.puts.set(id, n);
        tally.acknowledged++;
      } catch {
        tally.outcomesUnknown++; // nothing goes again in a transaction, and its COMMIT may have been carried out
      }
    }
  };
  const batches = async (): Promise<void> => {
    const ids = Array.from({ length: BATCH }, (_, row) => `${tally.prefix}batch::${row}`);
    for (let n = 1; !signal.aborted; n++)
      await countOutcome(tally, async () => {
        await storage.putMany(ids.map((id) => numbered(id, n % 100)));
      });
  };
  await Promise.all([pairs(0), pairs(1), pairs(2), batches()]);
}

/** Returns which transactions are torn: some of their instances are of one, and some of another. */
export async function tornTransactions(storage: InstanceStorage, { prefix }: Tally): Promise<string[]> {
  const numbers = new Map<string, Set<unknown>>();
  for await (const { id, runtimeMetadata } of storage.stream()) {
    if (!id.startsWith(prefix)) continue;
    const [group = ""] = id.slice(prefix.length).split("::");
    numbers.set(group, (numbers.get(group) ?? new Set()).add(runtimeMetadata.n));
  }
  return [...numbers].flatMap(([group, found]) => (found.size === 1 ? [] : [group]));
}
