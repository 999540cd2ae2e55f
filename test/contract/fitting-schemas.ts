import type { WorkflowSchemas } from "hephaestus-prisma";

/** Schemas that every instance fits: with them, a storage does what it does without. */
export const fittingSchemas: WorkflowSchemas = {
  "Order.V2": { initial: { "~standard": { version: 1, validate: () => ({}) } } },
};
