import { createInstance, type Instance } from "../instance/instance.js";

/**
 * An instance with something in every field, for tests.
 *
 * @example
 * ```ts
 * await storage.put(anInstance({ id: "order::2", status: "failed" }));
 * ```
 */
export function anInstance(change: Partial<Instance> = {}): Instance {
  return {
    ...createInstance({ id: "order::1", workflow: "Order.V2", workflowVersion: 2, initial: { items: [{ sku: "A-1", cents: 1999 }] } }),
    status: "waiting",
    currentStep: "payment",
    context: { initial: { items: [{ sku: "A-1", cents: 1999 }] }, steps: { validate: { valid: true }, reserve: null } },
    stepConfigs: { payment: { retries: 3, backoff: [1, 2.5, null] }, notify: null },
    activeSteps: new Set(["payment", "notify"]),
    completedSteps: new Set(["validate"]),
    executionHistory: [
      { stepRef: "validate", event: "valid", timestamp: "2026-04-12T10:11:12.345678Z", contextUpdates: { valid: true } },
      { stepRef: "reserve", event: "timeout", timestamp: "2026-04-12T10:11:13Z", contextUpdates: null },
    ],
    runtimeMetadata: { trace_id: "abc-123" },
    ...change,
  };
}

/** Instances with these ids. */
export function instancesOf(ids: readonly string[], change: Partial<Instance> = {}): Instance[] {
  return ids.map((id) => anInstance({ id, ...change }));
}

/** Instances with these ids and little else, for cases that need many. */
export function leanInstancesOf(ids: readonly string[]): Instance[] {
  return ids.map((id) => createInstance({ id, workflow: "Order.V2" }));
}

/** Ids whose order is the same under every collation: `a01`, `a02` … */
export function idsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `a${String(n + 1).padStart(2, "0")}`);
}
