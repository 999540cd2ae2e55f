import { createInstance, type Instance, type InstanceStorage } from "hephaestus-prisma";
import type { TcpProxy } from "./tcp-proxy.js";

/** What came of rounds in which one writer's answer is lost while another writes on top. */
export interface Rounds {
  /** How often the other writer has written on top, and that was acknowledged. */
  overtaken: number;
  /** How often what was acknowledged is gone. */
  undone: number;
  outcomesUnknown: number;
}

const ID = "rounds::1";

/**
 * Plays rounds until the signal is aborted: one writer puts or deletes through a proxy that loses every second answer;
 * another changes what was put, or inserts anew what was deleted.
 */
export async function playRounds(
  writers: readonly InstanceStorage[],
  other: InstanceStorage,
  proxy: TcpProxy,
  signal: AbortSignal,
  rounds: Rounds,
): Promise<void> {
  for (let n = 1; !signal.aborted; n++) {
    const writer = writers[n % writers.length];
    if (writer === undefined) return;
    const deletes = n % 3 === 0 && (await other.get(ID)) !== null;
    if (n % 2 === 0) void proxy.loseAnswer(deletes ? "DELETE" : "INSERT", n % 4 === 0 ? "end" : "reset");
    let settled = false;
    const write = (deletes ? writer.delete(ID) : writer.put(instanceOf(n, "writer")))
      .catch((error: unknown) => {
        if (codeOf(error) !== "OUTCOME_UNKNOWN") throw error;
        rounds.outcomesUnknown++;
      })
      .finally(() => (settled = true));
    let isOnTop = false;
    for (let last = false; !isOnTop && !last;) {
      last = settled;
      isOnTop = await (deletes ? insertAnew(other, n) : changeOnTop(other, n));
    }
    await write;
    if (!isOnTop) continue;
    rounds.overtaken++;
    const stored = await other.get(ID);
    if (stored?.runtimeMetadata.n !== n || stored.runtimeMetadata.by !== "other") rounds.undone++;
  }
}

function instanceOf(n: number, by: string): Instance {
  return { ...createInstance({ id: ID, workflow: "Soak.V1" }), runtimeMetadata: { n, by } };
}

/** Changes what the writer of this round has put. Returns whether it was there, and the change acknowledged. */
async function changeOnTop(storage: InstanceStorage, n: number): Promise<boolean> {
  try {
    const next = await storage.update(ID, (current) => (current.runtimeMetadata.n === n ? instanceOf(n, "other") : current));
    return next.runtimeMetadata.by === "other" && next.runtimeMetadata.n === n;
  } catch (error) {
    if (["INSTANCE_NOT_FOUND", "OUTCOME_UNKNOWN"].includes(String(codeOf(error)))) return false;
    throw error;
  }
}

async function insertAnew(storage: InstanceStorage, n: number): Promise<boolean> {
  try {
    await storage.insert(instanceOf(n, "other"));
    return true;
  } catch (error) {
    if (["INSTANCE_EXISTS", "OUTCOME_UNKNOWN"].includes(String(codeOf(error)))) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
