import { randomUUID } from "node:crypto";
import {
  completeStep,
  failStep,
  type Instance,
  InstanceNotFoundError,
  type InstanceStorage,
  type JsonLikeObject,
  OutcomeUnknownError,
  startStep,
} from "hephaestus-prisma";

/** The outcome of a step: a result and the next step (`null` at the end), or the event to wait for. */
export type Outcome =
  | { readonly event: string; readonly result: JsonLikeObject; readonly next: string | null }
  | { readonly waitFor: string };

/** A step can run more than once. `key` is the same each time: pass it to external services as the idempotency key. */
export type Step = (instance: Instance, key: string) => Promise<Outcome>;

/** Steps by workflow name and step name. Each workflow begins at `start`. */
export type Workflows = Readonly<Record<string, Readonly<Record<string, Step>>>>;

/** Runs workflows on a storage. Any number of engines can share it. */
export function createEngine(storage: InstanceStorage, workflows: Workflows, leaseMs = 30_000) {
  /** Claims an instance, runs its next step, and returns whether there is another one to run. */
  async function step(id: string): Promise<boolean> {
    const leaseToken = randomUUID();
    const claimed = await storage.update(id, (current) => {
      const isLeased = Number(current.runtimeMetadata.leaseUntil ?? 0) > Date.now();
      if (isLeased || (current.status !== "pending" && current.status !== "running")) return current;
      const runtimeMetadata = { ...current.runtimeMetadata, leaseToken, leaseUntil: Date.now() + leaseMs };
      return startStep({ ...current, runtimeMetadata }, current.currentStep ?? "start");
    });
    const { workflow, currentStep, runtimeMetadata, executionHistory } = claimed;
    if (currentStep === null || runtimeMetadata.leaseToken !== leaseToken) return false; // another worker has it

    const run = workflows[workflow]?.[currentStep];
    if (run === undefined) throw new Error(`${workflow} has no step ${currentStep}`);
    const outcome = await run(claimed, `${id}/${currentStep}/${executionHistory.length}`).catch((failed: unknown) => ({ failed }));

    const stored = await storage.update(id, (current) =>
      current.runtimeMetadata.leaseToken === leaseToken ? advance(current, currentStep, outcome) : current,
    );
    return stored.status === "running" && stored.runtimeMetadata.leaseToken === null;
  }

  return {
    /** Makes one pass over all instances that can continue. Call it repeatedly. */
    async work(): Promise<void> {
      for await (const { id } of storage.stream({ statusIn: ["pending", "running"], workflowIn: Object.keys(workflows) }))
        try {
          while (await step(id));
        } catch (error) {
          // Outcome unknown: the lease expires, and the step runs again. Not found: the instance was deleted meanwhile.
          if (!(error instanceof OutcomeUnknownError || error instanceof InstanceNotFoundError)) throw error;
        }
    },

    /** Stores an event from outside. The next pass of `work` acts on it. */
    async signal(id: string, event: string, payload: JsonLikeObject): Promise<void> {
      await storage.update(id, (current) => {
        if (Object.hasOwn(current.context.steps, event)) return current; // a duplicate
        const context = { ...current.context, steps: { ...current.context.steps, [event]: payload } };
        return { ...current, context, status: current.status === "waiting" ? "running" : current.status };
      });
    },
  };
}

/** Returns the instance after a step, without its lease. */
function advance(current: Instance, name: string, outcome: Outcome | { readonly failed: unknown }): Instance {
  const released = { ...current, runtimeMetadata: { ...current.runtimeMetadata, leaseToken: null, leaseUntil: null } };
  if ("failed" in outcome) return failStep(released, name, { error: outcome.failed });
  if ("waitFor" in outcome) {
    const hasArrived = Object.hasOwn(current.context.steps, outcome.waitFor);
    return { ...released, status: hasArrived ? "running" : "waiting" };
  }
  const { event, result, next } = outcome;
  return completeStep(released, name, { event, updates: result, next });
}
