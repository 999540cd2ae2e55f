import { dropIndex, INDEX_CHOICES } from "../../dist/cli/project/index-choices.js";

/** A choice of indexes. */
export interface SetUp {
  readonly name: string;
  /** The indexes that it does without. */
  readonly dropped: readonly string[];
  readonly fillfactor?: number;
}

const indexesOf = (choice: string): readonly string[] => INDEX_CHOICES.find(({ name }) => name === choice)?.indexes ?? [];
const WITHOUT_STATE_SEARCH = indexesOf("state-search");
const LEAN = [...WITHOUT_STATE_SEARCH, ...indexesOf("update-times")];

/** The choices that `hephaestus-prisma init --without` offers, and what a fillfactor would add to the last. */
export const SET_UPS: readonly SetUp[] = [
  { name: "full", dropped: [] },
  { name: "without state search", dropped: WITHOUT_STATE_SEARCH },
  { name: "lean", dropped: LEAN },
  { name: "lean, fillfactor 80", dropped: LEAN, fillfactor: 80 },
];

/** The indexes that a set-up does without. */
export function droppedBy(name: string): readonly string[] {
  return SET_UPS.find((setUp) => setUp.name === name)?.dropped ?? [];
}

/** What makes it of the table with all its indexes. */
export function statementsOf({ dropped, fillfactor }: SetUp): readonly string[] {
  const fill = fillfactor === undefined ? [] : [`ALTER TABLE workflow_instances SET (fillfactor = ${fillfactor})`];
  return [...dropped.map(dropIndex), ...fill];
}
