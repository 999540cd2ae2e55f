import { type Instance, STATUSES } from "../../instance/instance.js";
import { anInstance } from "../an-instance.js";
import type { QueryFilters } from "../../storage/filters.js";

const WORKFLOWS = [
  ...["Order.V1", "Order.V2", "order.V1", "Order", "Order_Special", "OrderXSpecial"],
  ...["Pct%Off", "PctXOff", "Back\\slash", "Backslash", "Zoë", "Zoe\u0308"],
];

// There are many, which are read often: those of one workflow have something in every field.
const LEAN: Partial<Instance> = {
  stepConfigs: {},
  activeSteps: new Set(),
  completedSteps: new Set(),
  executionHistory: [],
  runtimeMetadata: {},
};

/** Of two workflows each status, of the others two, which are others for workflows of one version. */
const isSample = (w: number, s: number): boolean => w === 0 || w === 4 || (w + 2 * s) % STATUSES.length < 2;

/** Instances that differ in all that filters can ask for but the times, in the order of their ids. */
export const samples: readonly Instance[] = WORKFLOWS.flatMap((workflow, w) =>
  STATUSES.map((status, s) =>
    anInstance({
      id: `w${String(w).padStart(2, "0")}s${s}`,
      workflow,
      workflowVersion: (w % 3) + 1,
      status,
      currentStep: s < 2 ? null : `step${s}`,
      context: { initial: { w, even: w % 2 === 0, tags: ["a", `w${w}`] }, steps: {} },
      ...(w > 0 && LEAN),
    }),
  ).filter((_, s) => isSample(w, s)),
);

/** One filter each. */
export const sampleFilters: readonly QueryFilters[] = [
  { id: "w01s2" },
  { id: "nothing" },
  { status: "running" },
  { statusIn: [] },
  { statusIn: ["waiting"] },
  { statusIn: ["running", "waiting", "running"] },
  { workflow: "Order.V1" },
  { workflow: "Order" },
  { workflowIn: [] },
  { workflowIn: ["Order.V1", "Order.V2", "Pct%Off", "nothing"] },
  { workflowVersion: 2 },
  ...["", "Order", "Order.", "order.", "Pct%", "%", "_", "Order_", "Back\\", "\\", "Zoe", "nothing"].map((workflowFamily) => ({
    workflowFamily,
  })),
  { workflowFamilyIn: [] },
  { workflowFamilyIn: ["Order.", "Pct%", "\\"] },
  { stateContains: { current_step: "step3" } },
  { contextContains: { even: true, tags: ["a"] } },
];

/** What the filters mean, without a database. */
export function matchesSample({ id, status, workflow, workflowVersion, currentStep, context }: Instance, filters: QueryFilters): boolean {
  return (
    (filters.id === undefined || id === filters.id) &&
    (filters.status === undefined || status === filters.status) &&
    (filters.statusIn === undefined || filters.statusIn.includes(status)) &&
    (filters.workflow === undefined || workflow === filters.workflow) &&
    (filters.workflowIn === undefined || filters.workflowIn.includes(workflow)) &&
    (filters.workflowVersion === undefined || workflowVersion === filters.workflowVersion) &&
    (filters.workflowFamily === undefined || workflow.startsWith(filters.workflowFamily)) &&
    (filters.workflowFamilyIn?.some((prefix) => workflow.startsWith(prefix)) ?? true) &&
    (filters.stateContains === undefined || currentStep === filters.stateContains.current_step) &&
    (filters.contextContains === undefined || context.initial.even === filters.contextContains.even)
  );
}
