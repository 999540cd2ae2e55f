import { createInstance, type Instance, type InstanceStorage } from "hephaestus-prisma";

/** What writers have seen; every figure can be held against the table. */
export interface Tally {
  /** What the ids of its instances begin with. */
  readonly prefix: string;
  acknowledged: number;
  retriedUpdates: number;
  conflicts: number;
  outcomesUnknown: number;
  /** For each id, the last value whose put was acknowledged. */
  readonly puts: Map<string, number>;
  /** How many updates of the shared instance were acknowledged. */
  updates: number;
  /** The ids of acknowledged inserts. */
  readonly inserts: Set<string>;
}

const SHARED = "shared::1";

/** An instance whose parts all say the same number: a torn write would show. */
export function numbered(id: string, n: number): Instance {
  const instance = createInstance({ id, workflow: "Soak.V1", initial: { n } });
  return {
    ...instance,
    status: "running",
    currentStep: String(n),
    context: { initial: { n }, steps: { n: { n } } },
    runtimeMetadata: { n, pad: "x".repeat(n % 3_000) },
  };
}

/** Whether all parts of an instance say the same number. */
function isWhole({ context, currentStep, runtimeMetadata }: Instance): boolean {
  const { n } = runtimeMetadata;
  return (
    context.initial.n === n &&
    currentStep === String(n) &&
    typeof runtimeMetadata.pad === "string" &&
    runtimeMetadata.pad.length === Number(n) % 3_000
  );
}

/** Writes until the signal is aborted: puts, inserts and updates of one shared instance. Returns what was acknowledged. */
export async function runWriters(
  storage: InstanceStorage,
  coalescing: InstanceStorage,
  writers: number,
  signal: AbortSignal,
  tally: Tally = emptyTally(),
): Promise<Tally> {
  const shared = tally.prefix + SHARED;
  await storage.put(numbered(shared, 0));
  const put = async (id: string, through: InstanceStorage): Promise<void> => {
    for (let n = 1; !signal.aborted; n++) {
      await countOutcome(tally, async () => {
        await through.put(numbered(id, n));
        tally.puts.set(id, n);
      });
    }
  };
  const insert = async (writer: number): Promise<void> => {
    for (let n = 0; !signal.aborted; n++) {
      const id = `${tally.prefix}insert::${writer}::${n}`;
      await countOutcome(tally, async () => {
        await storage.insert(numbered(id, n));
        tally.inserts.add(id);
      });
    }
  };
  const update = async (): Promise<void> => {
    while (!signal.aborted) {
      let calls = 0;
      await countOutcome(tally, async () => {
        await storage.update(shared, ({ runtimeMetadata }) => (calls++, numbered(shared, Number(runtimeMetadata.n) + 1)));
        tally.updates++;
      });
      tally.retriedUpdates += calls - 1;
    }
  };
  const kinds = [
    (w: number) => put(`${tally.prefix}put::${w}`, storage),
    (w: number) => put(`${tally.prefix}put::${w}`, coalescing),
    (w: number) => insert(w),
    () => update(),
  ];
  await Promise.all(Array.from({ length: writers }, async (_, w) => kinds[w % kinds.length]?.(w)));
  return tally;
}

export function emptyTally(prefix = ""): Tally {
  return {
    prefix,
    acknowledged: 0,
    retriedUpdates: 0,
    conflicts: 0,
    outcomesUnknown: 0,
    puts: new Map(),
    updates: 0,
    inserts: new Set(),
  };
}

/** Counts how a write ends. @throws {unknown} any error but a conflict and an unknown outcome. */
export async function countOutcome(
  tally: Pick<Tally, "acknowledged" | "conflicts" | "outcomesUnknown">,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
    tally.acknowledged++;
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    if (code === "OUTCOME_UNKNOWN") tally.outcomesUnknown++;
    else if (code === "CONFLICT") tally.conflicts++;
    else throw error;
  }
}

/** Compares the table with what was acknowledged: which instances lost writes, which are torn, how many updates were applied twice. */
export async function audit(storage: InstanceStorage, tally: Tally): Promise<{ lost: string[]; appliedTwice: number; torn: string[] }> {
  const instances = (await storage.query()).filter(({ id }) => id.startsWith(tally.prefix));
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const numberOf = (id: string): number => Number(byId.get(id)?.runtimeMetadata.n ?? -1);
  const counted = Math.max(0, numberOf(tally.prefix + SHARED));
  const lost = [
    ...[...tally.puts].filter(([id, n]) => numberOf(id) < n).map(([id]) => id),
    ...[...tally.inserts].filter((id) => !byId.has(id)),
    ...(counted < tally.updates ? [tally.prefix + SHARED] : []),
  ];
  const appliedTwice = Math.max(0, counted - tally.updates - tally.outcomesUnknown);
  return { lost, appliedTwice, torn: instances.filter((instance) => !isWhole(instance)).map(({ id }) => id) };
}
