import { InvalidOptionError } from "../errors.js";
import { describe } from "../messages/describe.js";
import { checkObject, type Reject } from "../messages/reject.js";
import { isObject } from "../runtime/native-types.js";
import { checkTime } from "./check.js";
import type { ExecutionEntry, Instance, JsonLikeObject } from "./instance.js";

/** A step of an instance; if it can be of several workflows, one that all of them have: check `workflow` first. */
export type StepOf<Stored extends Instance> = (
  Stored extends Instance ? (step: NonNullable<Stored["currentStep"]>) => void : never
) extends (step: infer Step extends string) => void
  ? Step
  : never;

/** What a step adds to the context of an instance. */
export type UpdatesOf<Stored extends Instance, Step extends string> = Declared<Stored["context"]["steps"][Step]>;
type Declared<Updates> = unknown extends Updates ? object : NonNullable<Updates>;

/** How a step has ended. `updates` is required if `{}` isn't of its type. */
export type StepResult<Stored extends Instance = Instance, Step extends string = string> =
  Partial<UpdatesOf<Stored, Step>> extends UpdatesOf<Stored, Step>
    ? StepEnd<StepOf<Stored>, UpdatesOf<Stored, Step>>
    : StepEnd<StepOf<Stored>, UpdatesOf<Stored, Step>> & { readonly updates: UpdatesOf<Stored, Step> };

/** When something has happened. */
interface Happened {
  /**
   * When it has happened.
   *
   * @defaultValue now, by the clock of this machine
   */
  readonly at?: Date;
}

interface StepEnd<Next, Updates> extends Happened {
  /** What has happened, in the words of the engine. */
  readonly event: string;
  /**
   * What the step adds to the context.
   *
   * @defaultValue `{}` in the context, and `null` in the history
   */
  readonly updates?: Updates;
  /** The steps that begin by it: one, several at once, or `null` for none. */
  readonly next: Next | readonly Next[] | null;
}

/** How a step has failed. */
export interface StepFailure extends Happened {
  /** What was thrown: its name and message are stored as text, without the stack. */
  readonly error: unknown;
}

/**
 * Returns the instance at a step: `running`, and the step is active. Starts a new instance, and a failed one again.
 *
 * This and the other functions of steps return a changed copy, as Hephaestus's core changes an instance, and store nothing.
 * They don't check whether the step is active: in an `update`, that check is what makes a job that comes twice harmless.
 *
 * @example
 * ```ts
 * const order = startStep(createInstance({ id: "order::4711", workflow: "Order.V2" }), "reserve");
 * await storage.insert(order);
 * ```
 */
export function startStep<Stored extends Instance>(instance: Stored, step: StepOf<Stored>): Stored {
  return { ...instance, status: "running", currentStep: step, activeSteps: new Set([...instance.activeSteps, step]) };
}

/**
 * Returns the instance after a step: the step is completed, and no longer active or configured; its updates are in the context
 * (`{}` if there are none) and in the history; the next steps are active. The status is `completed` if no step is active any
 * more, `waiting` if the instance waits at another active step, and else `running`. `currentStep` is that step, or the only
 * active one. A failed instance stays failed, and begins no other step.
 *
 * @throws {InvalidOptionError} for updates that aren't an object, and a time that isn't a Date of the years 1 to 9999.
 * @example
 * ```ts
 * await storage.update("order::4711", (order) =>
 *   order.activeSteps.has("pay") ? completeStep(order, "pay", { event: "paid", updates: { receipt: "r-7" }, next: "ship" }) : order,
 * );
 * ```
 */
export function completeStep<Stored extends Instance, Step extends StepOf<Stored>>(
  instance: Stored,
  step: Step,
  result: StepResult<Stored, Step>,
): Stored;
export function completeStep(instance: Instance, step: string, { event, updates, next, at }: StepResult): Instance {
  const { context, currentStep, status, stepConfigs } = instance;
  const added = updates === undefined ? null : checkObject(updates, rejecting("updates"));
  const begun = status === "failed" || next === null ? [] : typeof next === "string" ? [next] : next;
  const activeSteps = new Set([...instance.activeSteps].filter((one) => one !== step).concat(begun));
  const [only = null, ...more] = activeSteps;
  const waits = status === "waiting" && currentStep !== null && currentStep !== step && activeSteps.has(currentStep);
  return {
    ...instance,
    status: status === "failed" ? "failed" : only === null ? "completed" : waits ? "waiting" : "running",
    currentStep: waits ? currentStep : more.length === 0 ? only : null,
    context: { ...context, steps: { ...context.steps, [step]: added ?? {} } },
    stepConfigs: Object.fromEntries(Object.entries(stepConfigs).filter(([name]) => name !== step)),
    activeSteps,
    completedSteps: new Set([...instance.completedSteps, step]),
    executionHistory: [...instance.executionHistory, entryOf(step, event, added, at)],
  };
}

/**
 * Returns the instance after a step has failed: `failed`, at no step, with no step active. What has failed is the last event of
 * its history: `failed`, with `{ error }`. To try again, start that step.
 *
 * @throws {InvalidOptionError} for a time that isn't a Date of the years 1 to 9999.
 * @example
 * ```ts
 * await storage.update("order::4711", (order) => failStep(order, "pay", { error }));
 * ```
 */
export function failStep<Stored extends Instance>(instance: Stored, step: StepOf<Stored>, { error, at }: StepFailure): Stored {
  const entry = entryOf(step, "failed", { error: textOf(error) }, at);
  return {
    ...instance,
    status: "failed",
    currentStep: null,
    activeSteps: new Set(),
    executionHistory: [...instance.executionHistory, entry],
  };
}

function entryOf(stepRef: string, event: string, contextUpdates: JsonLikeObject | null, at = new Date()): ExecutionEntry {
  return { stepRef, event, timestamp: checkTime(at, rejecting("at")).toISOString(), contextUpdates };
}

function rejecting(option: string): Reject {
  return (problem) => {
    throw new InvalidOptionError(option, `the option "${option}" is invalid: ${problem}`);
  };
}

/** An error as a text, which every reader of the table can read. */
function textOf(error: unknown): string {
  if (typeof error === "string") return error;
  const { name, message } = isObject(error) ? error : {};
  return typeof message === "string" ? `${typeof name === "string" ? name : "Error"}: ${message}` : describe(error);
}
