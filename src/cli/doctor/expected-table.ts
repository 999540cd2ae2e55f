import { STATUSES } from "../../instance/instance.js";

/** A column, and the migration that gave it its form. */
export interface ExpectedColumn {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
  /** Its type before `extras`, without a default: HephaestusEcto's own, which this package reads and writes too. */
  readonly baselineType?: string;
}

/** An index, as PostgreSQL writes it after `USING`. */
export interface ExpectedIndex {
  readonly name: string;
  readonly on: string;
  readonly migration: string;
}

/** A CHECK. */
export interface ExpectedCheck {
  readonly name: string;
  readonly condition: string;
  readonly migration: string;
}

const NOW = "timezone('UTC'::text, now())";

/** The columns that the migrations of this package create: the tests compare them with a migrated table. */
export const COLUMNS: readonly ExpectedColumn[] = [
  { name: "id", type: "character varying(255)" },
  { name: "workflow", type: "character varying(255)" },
  { name: "workflow_version", type: "integer", default: "1" },
  { name: "status", type: "character varying(255)", default: "'pending'::character varying" },
  { name: "state", type: "jsonb", default: "'{}'::jsonb" },
  { name: "inserted_at", type: timestamp(3), default: NOW, baselineType: timestamp(0) },
  { name: "updated_at", type: timestamp(3), default: NOW, baselineType: timestamp(0) },
];

export const PRIMARY_KEY = { name: "workflow_instances_pkey", definition: "PRIMARY KEY (id)" } as const;

export const INDEXES: readonly ExpectedIndex[] = [
  { name: "workflow_instances_status_index", on: "btree (status)", migration: "baseline" },
  { name: "workflow_instances_workflow_index", on: "btree (workflow)", migration: "baseline" },
  { name: "workflow_instances_workflow_workflow_version_index", on: "btree (workflow, workflow_version)", migration: "baseline" },
  { name: "idx_workflow_instances_state", on: "gin (state jsonb_path_ops)", migration: "baseline" },
  { name: "workflow_instances_status_id_index", on: "btree (status, id)", migration: "extras" },
  { name: "workflow_instances_workflow_pattern_index", on: "btree (workflow varchar_pattern_ops, id)", migration: "extras" },
  { name: "workflow_instances_updated_at_id_index", on: "btree (updated_at, id)", migration: "listings" },
  { name: "workflow_instances_inserted_at_id_index", on: "btree (inserted_at, id)", migration: "listings" },
  { name: "workflow_instances_status_updated_at_id_index", on: "btree (status, updated_at, id)", migration: "listings" },
];

export const STATUS_CONDITION: string = `status IN (${STATUSES.map((status) => `'${status}'`).join(", ")})`;
export const VERSION_CONDITION = "workflow_version > 0";

export const CHECKS: readonly ExpectedCheck[] = [
  { name: "workflow_instances_status_check", condition: STATUS_CONDITION, migration: "extras" },
  { name: "workflow_instances_workflow_version_check", condition: VERSION_CONDITION, migration: "extras" },
];

/** The version that HephaestusEcto's migrator reads from the table's comment. */
export const ECTO_VERSION = 3;

function timestamp(precision: number): string {
  return `timestamp(${precision}) without time zone`;
}
