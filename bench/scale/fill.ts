import type { ScaleDatabase } from "./database.js";
import { instanceOf } from "./data.js";

const CHUNK = 1_000;

// Between the fills, rows get the times of a table that has grown for 90 days: `putMany` would say that all came at once.
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

/** What the fills need beside the table. */
export async function prepareFills({ sql }: ScaleDatabase): Promise<void> {
  await sql.query(AGE);
}

/** Stores the instances from one number to another by `putMany`, and answers how many a second. */
export async function fill({ storage, sql }: ScaleDatabase, from: number, to: number): Promise<number> {
  await sql.query("ALTER TABLE workflow_instances ENABLE TRIGGER scale_age");
  const start = performance.now();
  const perSecond = (done: number): number => (done - from) / ((performance.now() - start) / 1000);
  // One chunk is made while another is being stored.
  let storing = Promise.resolve();
  for (let next = from; next < to; next += CHUNK) {
    const length = Math.min(CHUNK, to - next);
    const chunk = Array.from({ length }, (_, index) => instanceOf(next + index));
    await storing;
    storing = storage.putMany(chunk);
    storing.catch(() => {}); // it is awaited, in its turn
    show(next, to, perSecond(next));
  }
  await storing;
  const rate = perSecond(to);
  show(to, to, rate);
  process.stderr.write("\n");
  await sql.query("ALTER TABLE workflow_instances DISABLE TRIGGER scale_age");
  // GIN keeps what is new on a list, which every search reads, until a vacuum sorts it in.
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
