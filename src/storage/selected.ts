import { STATUSES, type Status } from "../instance/instance.js";
import { contains } from "./containment.js";
import type { InstanceWhere, Selection } from "./selection.js";

/** What every stored state contains. */
const EVERY_STATE = {
  context: { initial: {}, steps: {} },
  step_configs: {},
  active_steps: [],
  completed_steps: [],
  execution_history: [],
  runtime_metadata: {},
};

/** Whether a selection has no condition that any instance could fail. */
export function selectsAll({ where, contains: patterns }: Selection): boolean {
  return matchesAll(where) && patterns.every((pattern) => contains(EVERY_STATE, JSON.parse(pattern)));
}

function matchesAll({ AND = [], OR, status, workflow, ...others }: InstanceWhere): boolean {
  return (
    Object.keys(others).length === 0 &&
    AND.every(matchesAll) &&
    (OR === undefined || OR.some(matchesAll)) &&
    (status === undefined || statusesOf({ status }).length === STATUSES.length) &&
    (workflow === undefined || (typeof workflow === "object" && "startsWith" in workflow && workflow.startsWith === ""))
  );
}

/** The statuses that instances of a selection can have. */
export function statusesOf({ AND = [], status }: InstanceWhere): Status[] {
  const inner = AND.map(statusesOf);
  return STATUSES.filter(
    (one) =>
      inner.every((statuses) => statuses.includes(one)) &&
      (status === undefined || (typeof status === "string" ? status === one : status.in.includes(one))),
  );
}
