/** The statuses of a workflow instance, in the order in which it usually passes them. */
export const STATUSES: readonly ["pending", "running", "waiting", "completed", "failed"] = [
  "pending",
  "running",
  "waiting",
  "completed",
  "failed",
];

/** One of the five statuses of a workflow instance. */
export type Status = (typeof STATUSES)[number];

/** Whether an instance of this status has ended. A failed one runs again only if its step is started again. */
export function isTerminal(status: Status): boolean {
  return status === "completed" || status === "failed";
}

/** An object of values that can be stored: JSON, and the richer values that the codec keeps. */
export interface JsonLikeObject {
  readonly [key: string]: unknown;
}

/** One event of an instance's life. */
export interface ExecutionEntry {
  /** The step that raised the event. */
  readonly stepRef: string;
  /** What happened, in the words of the engine. */
  readonly event: string;
  /** ISO 8601 in UTC, kept to the digit: Elixir writes microseconds, which a `Date` would cut. */
  readonly timestamp: string;
  /** What the step added to the context, or `null`. */
  readonly contextUpdates: JsonLikeObject | null;
}

/** What a workflow works on: what it was started with, and what each step has added. */
export interface InstanceContext {
  /** What the workflow was started with. */
  readonly initial: JsonLikeObject;
  /** What each step has added, by the step's name. */
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
  /** Where it stands. */
  readonly status: Status;
  /** The step that it is at; `null` if it is at none. */
  readonly currentStep: string | null;
  /** What it works on. */
  readonly context: InstanceContext;
  /** How steps are to run, by the step's name. */
  readonly stepConfigs: JsonLikeObject;
  /** The steps that have begun and not ended. */
  readonly activeSteps: ReadonlySet<string>;
  /** The steps that have ended. */
  readonly completedSteps: ReadonlySet<string>;
  /** What has happened to it, the oldest first. */
  readonly executionHistory: readonly ExecutionEntry[];
  /** What the engine keeps beside it: leases, traces. */
  readonly runtimeMetadata: JsonLikeObject;
}

/** What a new instance is made of. */
export interface NewInstance<Name extends string = string, Initial = object> {
  /** Business key, 1 to 255 characters. */
  readonly id: string;
  /** Name of the workflow, 1 to 255 characters. */
  readonly workflow: Name;
  /**
   * A positive 32-bit integer.
   *
   * @defaultValue 1
   */
  readonly workflowVersion?: number;
  /**
   * What the workflow is started with. A value of any object type compiles, also one that is typed by an `interface`;
   * whether it is plain is checked by `put`.
   *
   * @defaultValue `{}`
   */
  readonly initial?: Initial;
}

/**
 * What a new instance of this type is made of. `initial` is required if `{}` isn't of its type. Nothing makes an instance whose
 * type promises more than a new one holds, such as another status or a step that has run.
 */
export type NewInstanceOf<Created extends Instance> = Created extends Instance
  ? NewlyMade<Created["workflow"], Created["context"]["initial"]> extends Created
    ? NewInstance<Created["workflow"], InitialInput<Created["context"]["initial"]>> & RequiredInitial<Created["context"]["initial"]>
    : never
  : never;

type NewlyMade<Name, Initial> = Omit<Instance, "workflow" | "currentStep" | "context"> & {
  readonly workflow: Name;
  readonly currentStep: null;
  readonly context: { readonly initial: Initial; readonly steps: Record<never, never> };
};

// Interfaces fit no index signature.
type InitialInput<Initial> = Initial | (JsonLikeObject extends Initial ? object : never);

type RequiredInitial<Initial> = Partial<Initial> extends Initial ? unknown : { readonly initial: Initial };

/**
 * A new instance: status `pending`, nothing active, nothing completed. It is not stored, and not checked
 * until it is: `put` does both.
 *
 * If workflows are typed, it has the type that is expected in its place, or the type argument that is given.
 *
 * @example
 * ```ts
 * const instance = createInstance({ id: "order::4711", workflow: "Order.V2", workflowVersion: 2, initial: { total: 1999 } });
 * const order = createInstance<InstanceOf<Workflows, "Order.V2">>({ id: "order::4711", workflow: "Order.V2", initial: { total: 1999 } });
 * ```
 */
export function createInstance<Created extends Instance = Instance>(created: NewInstanceOf<Created>): Created;
export function createInstance({ id, workflow, workflowVersion = 1, initial = {} }: NewInstance<string, JsonLikeObject>): Instance {
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
