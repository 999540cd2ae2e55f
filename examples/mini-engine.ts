import { randomUUID } from "node:crypto";
import { type Instance, InstanceNotFoundError, type JsonLikeObject, OutcomeUnknownError, type Storage } from "hephaestus-prisma";

/** What a step comes to: a result and the next step, `null` at the end; or the event that it waits for. */
export type Outcome =
  { readonly event: string; readonly result: JsonLikeObject; readonly next: string | null } | { readonly waitFor: string };

/** A step can run more than once; `key` is the same each time, for whatever it calls outside. */
export type Step = (instance: Instance, key: string) => Promise<Outcome>;

/** The steps of workflows, by the workflow's name and the step's. Each begins at `start`. */
export type Workflows = Readonly<Record<string, Readonly<Record<string, Step>>>>;

/** Runs workflows on a storage, beside any number of others that do the same. */
export function createEngine(storage: Storage, workflows: Workflows, leaseMs = 30_000) {
  /** Claims an instance, runs its next step, and answers whether there is another one to run. */
  async function step(id: string): Promise<boolean> {
    const leaseToken = randomUUID();
    const claimed = await storage.update(id, (current) => {
      const isLeased = Number(current.runtimeMetadata.leaseUntil ?? 0) > Date.now();
      if (isLeased || (current.status !== "pending" && current.status !== "running")) return current;
      const runtimeMetadata = { ...current.runtimeMetadata, leaseToken, leaseUntil: Date.now() + leaseMs };
      return { ...current, status: "running", currentStep: current.currentStep ?? "start", runtimeMetadata };
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
    /** One pass over all that can go on; call it again and again. */
    async work(): Promise<void> {
      for await (const { id } of storage.stream({ statusIn: ["pending", "running"], workflowIn: Object.keys(workflows) }))
        try {
          while (await step(id));
        } catch (error) {
          // Whichever write it was: the lease runs out, and the step runs again. Or somebody has deleted the instance.
          if (!(error instanceof OutcomeUnknownError || error instanceof InstanceNotFoundError)) throw error;
        }
    },

    /** An event from outside, stored before anything runs. */
    async signal(id: string, event: string, payload: JsonLikeObject): Promise<void> {
      await storage.update(id, (current) => {
        if (Object.hasOwn(current.context.steps, event)) return current; // it came before
        const context = { ...current.context, steps: { ...current.context.steps, [event]: payload } };
        return { ...current, context, status: current.status === "waiting" ? "running" : current.status };
      });
    },
  };
}

/** An instance after a step, without its lease. */
function advance(current: Instance, name: string, outcome: Outcome | { readonly failed: unknown }): Instance {
  const { context, executionHistory } = current;
  const released = { ...current, runtimeMetadata: { ...current.runtimeMetadata, leaseToken: null, leaseUntil: null } };
  const entry = { stepRef: name, timestamp: new Date().toISOString() };
  if ("waitFor" in outcome) {
    const cameMeanwhile = Object.hasOwn(context.steps, outcome.waitFor);
    return { ...released, status: cameMeanwhile ? "running" : "waiting" };
  }
  if ("failed" in outcome) {
    const failure = { ...entry, event: "failed", contextUpdates: { error: String(outcome.failed) } };
    return { ...released, status: "failed", executionHistory: [...executionHistory, failure] };
  }
  const { event, result, next } = outcome;
  return {
    ...released,
    status: next === null ? "completed" : "running",
    currentStep: next,
    completedSteps: new Set([...current.completedSteps, name]),
    context: { ...context, steps: { ...context.steps, [name]: result } },
    executionHistory: [...executionHistory, { ...entry, event, contextUpdates: result }],
  };
}
