import type { ScaleDatabase } from "./database.js";
import { instanceOf } from "./data.js";

const CHUNK = 1_000;

// During a fill, a trigger gives rows the times of a table that has grown for 90 days: by `putMany`, all would be of the same time.
const AGE = `
  CREATE SEQUENCE scale_age;
  CREATE FUNCTION scale_age() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.inserted_at := timezone('UTC', now()) - interval '90 days' + nextval('scale_age') * interval '7 seconds';
    NEW.updated_at := NEW.inserted_at + random() * interval '1 hour';
    RETURN NEW;
  END $$;
  CREATE TRIGGER scale_age BEFORE INSERT ON workflow_instances FOR EACH ROW EXECUTE FUNCTION scale_age();
  ALTER TABLE workflow_instances DISABLE TRIGGER scale_age`;

/** Creates what the fills need besides the table. */
export async function prepareFills({ sql }: ScaleDatabase): Promise<void> {
  await sql.query(AGE);
}

/** Stores the instances from one number to another by `putMany`, and returns how many a second. */
export async function fill({ storage, sql }: ScaleDatabase, from: number, to: number): Promise<number> {
  await sql.query("ALTER TABLE workflow_instances ENABLE TRIGGER scale_age");
  const start = performance.now();
  const perSecond = (done: number): number => (done - from) / ((performance.now() - start) / 1000);
  // One chunk is created while another is being stored.
  let storing = Promise.resolve();
  for (let next = from; next < to; next += CHUNK) {
    const length = Math.min(CHUNK, to - next);
    const chunk = Array.from({ length }, (_, index) => instanceOf(next + index));
    await storing;
    storing = storage.putMany(chunk);
    storing.catch(() => {}); // awaited in the next iteration
    show(next, to, perSecond(next));
  }
  await storing;
  const rate = perSecond(to);
  show(to, to, rate);
  process.stderr.write("\n");
  await sql.query("ALTER TABLE workflow_instances DISABLE TRIGGER scale_age");
  // GIN keeps new entries in a pending list, which every search reads, until a vacuum moves them into the index.
  await sql.query("VACUUM (ANALYZE) workflow_instances");
  await sql.query("CHECKPOINT");
  return rate;
}

function show(done: number, all: number, rate: number): void {
  const width = 30;
  const bar = "█".repeat(Math.round((done / all) * width)).padEnd(width, "░");
  if (process.stderr.isTTY || done === all)
    process.stderr.write(
      `\r${bar} ${done.toLocaleString("en")} of ${all.toLocaleString("en")} rows, ${Math.round(rate).toLocaleString("en")}/s\x1b[K`,
    );
}
