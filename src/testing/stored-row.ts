import type { InstanceStorage } from "../storage/storage.js";

/** A row of the table, as another writer such as HephaestusEcto has stored it. */
export interface StoredRow {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
  /** The column `state`, as JSON text: a value could lose what the text has, such as a key `__proto__`. */
  readonly state: string;
}

/** Stores a row around a storage. The row's id is free. */
export type StoreRow = (row: StoredRow, storage: InstanceStorage) => void | Promise<void>;
