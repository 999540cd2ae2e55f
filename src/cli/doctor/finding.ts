/** The result of one check of the doctor. */
export interface Finding {
  /** What was checked, such as `server` or `index workflow_instances_status_index`. */
  readonly check: string;
  /** `"note"` is something to know that is not a fault. */
  readonly ok: boolean | "note";
  readonly found: string;
  readonly expected: string;
  /** The command or the SQL that fixes it; `null` if there is nothing to fix. */
  readonly fix: string | null;
}

/** A finding that is as expected, or says how to fix it. */
export function compare(check: string, found: string, expected: string, fix: string | null): Finding {
  const ok = found === expected;
  return { check, ok, found, expected, fix: ok ? null : fix };
}

/** Such as `1 row` and `2,500 rows`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
