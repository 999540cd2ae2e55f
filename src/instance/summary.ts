import type { Instance } from "./instance.js";

/** An instance without its state, which was not read. */
export interface InstanceSummary extends Pick<Instance, "id" | "workflow" | "workflowVersion" | "status"> {
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}
