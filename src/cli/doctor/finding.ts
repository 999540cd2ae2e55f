/** What one check of the doctor found. */
export interface Finding {
  /** What was looked at, such as `server` or `index workflow_instances_status_index`. */
  readonly check: string;
  /** `"note"` is worth knowing, and no fault. */
  readonly ok: boolean | "note";
  readonly found: string;
  readonly expected: string;
  /** The command or the SQL that mends it; `null` where there is nothing to mend. */
  readonly mend: string | null;
}

/** A finding that is as expected, or names what mends it. */
export function compare(check: string, found: string, expected: string, mend: string | null): Finding {
  const ok = found === expected;
  return { check, ok, found, expected, mend: ok ? null : mend };
}

/** Such as `1 row` and `2,500 rows`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
