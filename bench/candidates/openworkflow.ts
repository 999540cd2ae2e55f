import type { Candidate } from "../candidate.js";
import { LISTED } from "../workload.js";
import { importForeign } from "../dependencies.js";

interface Run {
  readonly id: string;
  readonly input: unknown;
}

/** https://github.com/openworkflowdev/openworkflow/tree/main/packages/openworkflow */
interface Backend {
  createWorkflowRun(run: { readonly workflowName: string; readonly input: object } & Readonly<Record<string, unknown>>): Promise<Run>;
  cancelWorkflowRun(run: { readonly workflowRunId: string }): Promise<Run>;
  getWorkflowRun(run: { readonly workflowRunId: string }): Promise<Run | null>;
  listWorkflowRuns(filters: { readonly status: string; readonly limit: number }): Promise<{ readonly data: readonly Run[] }>;
  stop(): Promise<void>;
}

interface Package {
  readonly BackendPostgres: {
    connect(url: string): Promise<Backend>;
    fromPool(pool: object): Backend;
  };
}

/** https://github.com/porsager/postgres, which OpenWorkflow takes as a peer. */
interface Driver {
  readonly default: {
    (url: string, options: { readonly max: number; readonly transform: object }): object;
    toCamel(this: void, column: string): string;
  };
}

export const openworkflow: Candidate = {
  name: "openworkflow",
  title: "OpenWorkflow `BackendPostgres`",
  package: "openworkflow",
  description:
    "`createWorkflowRun`, `getWorkflowRun`, `listWorkflowRuns({ status })`. OpenWorkflow never rewrites a state, so each put creates a run whose input is the state; get loads the latest one of the id, list the 100 of the first puts, which are canceled to have a status of their own.",
  async connect({ url, pool }) {
    const { BackendPostgres } = await importForeign<Package>("openworkflow/postgres");
    const { default: postgres } = await importForeign<Driver>("postgres");
    // `connect` creates the tables, but has no option for the size of its pool.
    await (await BackendPostgres.connect(url)).stop();
    const backend = BackendPostgres.fromPool(postgres(url, { max: pool, transform: { column: { from: postgres.toCamel } } }));
    const latest = new Map<string, string>();
    return {
      async put({ id, workflow, status, state }) {
        const { id: workflowRunId } = await backend.createWorkflowRun({
          workflowName: workflow,
          version: null,
          idempotencyKey: null,
          config: {},
          context: null,
          input: state,
          parentStepAttemptNamespaceId: null,
          parentStepAttemptId: null,
          availableAt: null,
          deadlineAt: null,
        });
        if (status === LISTED && !latest.has(id)) await backend.cancelWorkflowRun({ workflowRunId });
        latest.set(id, workflowRunId);
      },
      get: (id) => backend.getWorkflowRun({ workflowRunId: latest.get(id) ?? "" }),
      list: async () => (await backend.listWorkflowRuns({ status: "canceled", limit: 100 })).data,
      close: () => backend.stop(),
    };
  },
};
