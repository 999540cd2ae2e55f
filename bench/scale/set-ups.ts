import { dropIndex, INDEX_CHOICES } from "../../dist/cli/project/index-choices.js";

/** A choice of indexes. */
export interface SetUp {
  readonly name: string;
  /** What makes it of the table with all its indexes. */
  readonly sql: readonly string[];
}

const drops = (name: string): readonly string[] => INDEX_CHOICES.find((choice) => choice.name === name)?.indexes.map(dropIndex) ?? [];

/** The choices that `hephaestus-prisma init --without` offers. */
export const SET_UPS: readonly SetUp[] = [
  { name: "full", sql: [] },
  { name: "without state search", sql: drops("state-search") },
  { name: "lean", sql: [...drops("state-search"), ...drops("update-times")] },
  {
    name: "lean, fillfactor 80",
    sql: [...drops("state-search"), ...drops("update-times"), "ALTER TABLE workflow_instances SET (fillfactor = 80)"],
  },
];
