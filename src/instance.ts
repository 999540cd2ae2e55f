/** The states of a workflow instance, in the order in which it usually passes them. */
export const STATUSES: readonly ["pending", "running", "waiting", "completed", "failed"] = [
  "pending",
  "running",
  "waiting",
  "completed",
  "failed",
];

/** One of the five states of a workflow instance. */
export type Status = (typeof STATUSES)[number];

/** An object of values that can be stored: JSON, and the richer values that the codec keeps. */
export interface JsonLikeObject {
  readonly [key: string]: unknown;
}

/** One event of an instance's life. */
export interface ExecutionEntry {
  /** The step that raised the event. */
  readonly stepRef: string;
  readonly event: string;
  /** ISO 8601 in UTC, kept to the digit: Elixir writes microseconds, which a `Date` would cut. */
  readonly timestamp: string;
  /** What the step added to the context, or `null`. */
  readonly contextUpdates: JsonLikeObject | null;
}

/** What a workflow works on: what it was started with, and what each step has added. */
export interface Context {
  readonly initial: JsonLikeObject;
  readonly steps: JsonLikeObject;
}

/**
 * One run of a workflow. Instances are plain immutable values: change one by a spread copy, and put the copy.
 *
 * @example
 * ```ts
 * const waiting: Instance = { ...instance, status: "waiting", currentStep: "payment" };
 * ```
 */
export interface Instance {
  /** Business key, 1 to 255 characters. */
  readonly id: string;
  /** Name of the workflow, 1 to 255 characters. Workflows of one family share a prefix. */
  readonly workflow: string;
  /** Version of the workflow that this run was started with. Stored once, by the first `put`. */
  readonly workflowVersion: number;
  readonly status: Status;
  readonly currentStep: string | null;
  readonly context: Context;
  readonly stepConfigs: JsonLikeObject;
  readonly activeSteps: ReadonlySet<string>;
  readonly completedSteps: ReadonlySet<string>;
  readonly executionHistory: readonly ExecutionEntry[];
  readonly runtimeMetadata: JsonLikeObject;
}

/** What a new instance is made of. */
export interface NewInstance {
  /** Business key, 1 to 255 characters. */
  readonly id: string;
  /** Name of the workflow, 1 to 255 characters. */
  readonly workflow: string;
  /** A positive 32-bit integer; 1 where it is left out. */
  readonly workflowVersion?: number;
  /** What the workflow is started with; `{}` where it is left out. */
  readonly initial?: JsonLikeObject;
}

/**
 * A new instance: status `pending`, nothing active, nothing completed. It is not stored, and not checked
 * until it is: `put` does both.
 *
 * @example
 * ```ts
 * const instance = createInstance({ id: "order::4711", workflow: "Order.V2", workflowVersion: 2, initial: { total: 1999 } });
 * ```
 */
export function createInstance({ id, workflow, workflowVersion = 1, initial = {} }: NewInstance): Instance {
  return {
    id,
    workflow,
    workflowVersion,
    status: "pending",
    currentStep: null,
    context: { initial, steps: {} },
    stepConfigs: {},
    activeSteps: new Set(),
    completedSteps: new Set(),
    executionHistory: [],
    runtimeMetadata: {},
  };
}
