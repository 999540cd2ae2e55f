import type { PrismaClientLike, InstanceRow } from "./client.js";
import type { Codec } from "./codec.js";
import { type Lost, parseExact } from "./digits.js";
import { CorruptInstanceError, PrecisionLossError } from "./errors.js";
import { type ExactRow, exactRows } from "./exact-rows.js";
import type { Instance } from "./instance.js";
import { fromRow } from "./mapping.js";

/** Why a row can't be handed out as an instance. */
export type UnreadableError = CorruptInstanceError | PrecisionLossError;

/** What a listing does with a row that can't be handed out: raise the error, leave the row out, or leave it out and tell why. */
export type OnCorrupt = "throw" | "skip" | ((error: UnreadableError) => void);

/** The rows of a listing as instances, to the last digit. */
export async function readInstances(
  client: PrismaClientLike,
  codec: Codec,
  rows: readonly InstanceRow[],
  onCorrupt: OnCorrupt,
): Promise<Instance[]> {
  const instances: Instance[] = [];
  const sameColumns = (row: InstanceRow, now: InstanceRow): boolean => now.workflow === row.workflow && now.status === row.status;
  for (const row of await exactRows(client, rows, sameColumns)) {
    try {
      instances.push(toInstance(row, codec));
    } catch (error) {
      if (onCorrupt === "throw" || !(error instanceof CorruptInstanceError || error instanceof PrecisionLossError)) throw error;
      if (onCorrupt !== "skip") onCorrupt(error);
    }
  }
  return instances;
}

/** One row as an instance, to the last digit; `null` where it was deleted meanwhile. */
export async function readInstance(client: PrismaClientLike, codec: Codec, row: InstanceRow): Promise<Instance | null> {
  const [exact] = await exactRows(client, [row], () => true);
  return exact === undefined ? null : toInstance(exact, codec);
}

function toInstance(row: ExactRow, codec: Codec): Instance {
  if (row.text === undefined) return fromRow(row, codec);
  if (row.text === null)
    throw new PrecisionLossError(
      row.id,
      "state",
      "it holds numbers beyond 2^53, and this client has no raw SQL to check their digits with",
    );
  const lost: Lost = (digits, path) => {
    if (codec.exactIntegers && /^-?\d+$/.test(digits)) return BigInt(digits);
    const remedy = codec.exactIntegers ? "" : '; for integers, there is createPrismaStorage(client, { bigIntegers: "bigint" })';
    throw new PrecisionLossError(row.id, path, `a JavaScript number can't hold the one that is stored${remedy}`);
  };
  return fromRow({ ...row, state: parseExact(row.text, "state", lost) }, codec);
}
