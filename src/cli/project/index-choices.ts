/** What a project may do without, and the indexes that only serve it. */
export interface IndexChoice {
  /** As `init --without` takes it. */
  readonly name: string;
  readonly indexes: readonly string[];
  /** The calls that need them: without them, each reads the whole table, or all rows of its other filters. */
  readonly calls: string;
}

/**
 * The indexes that every put has to update: they hold the state or the time of the last put. Without any of them, a put that
 * leaves the status as it is updates no index, if the page has room (a HOT update).
 */
export const INDEX_CHOICES: readonly IndexChoice[] = [
  {
    name: "state-search",
    indexes: ["idx_workflow_instances_state"],
    calls: "the filters stateContains and contextContains",
  },
  {
    name: "update-times",
    indexes: ["workflow_instances_updated_at_id_index", "workflow_instances_status_updated_at_id_index"],
    calls: "list in its default order, the filters updatedBefore and updatedAfter, and prune by them",
  },
];

/** The statement that drops an index, which may be gone already. */
export function dropIndex(name: string): string {
  return `DROP INDEX IF EXISTS "${name}";`;
}

/** The choice that has an index, if one may do without it. */
export function choiceOf(index: string): IndexChoice | undefined {
  return INDEX_CHOICES.find(({ indexes }) => indexes.includes(index));
}
