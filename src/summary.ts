import type { SummaryRow } from "./client.js";
import type { Status } from "./instance.js";

/** An instance without its state, which was not read. */
export interface InstanceSummary extends SummaryRow {
  readonly status: Status;
}

/** One page of a list. */
export interface SummaryPage {
  readonly items: InstanceSummary[];
  /** Where the next page begins; `null` where there is none. */
  readonly nextCursor: string | null;
}
