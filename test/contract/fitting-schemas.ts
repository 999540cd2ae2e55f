import type { WorkflowSchemas } from "hephaestus-prisma";

/** Schemas that every instance fits: a storage behaves the same with and without them. */
export const fittingSchemas: WorkflowSchemas = {
  "Order.V2": { initial: { "~standard": { version: 1, validate: () => ({}) } } },
};
