import type { Candidate } from "../candidate.js";
import { LISTED } from "../workload.js";
import { importForeign } from "../dependencies.js";

interface Run {
  readonly workflowName: string;
  readonly runId: string;
}

/** https://github.com/mastra-ai/mastra/tree/main/stores/pg */
interface Workflows {
  persistWorkflowSnapshot(run: Run & { readonly snapshot: object }): Promise<void>;
  loadWorkflowSnapshot(run: Run): Promise<unknown>;
  listWorkflowRuns(filters: { readonly status: string }): Promise<{ readonly runs: readonly unknown[] }>;
}

interface PostgresStore {
  init(): Promise<void>;
  getStore(domain: "workflows"): Promise<Workflows | undefined>;
  close(): Promise<void>;
}

interface Package {
  readonly PostgresStore: new (config: { readonly id: string; readonly connectionString: string; readonly max: number }) => PostgresStore;
}

export const mastra: Candidate = {
  name: "mastra",
  title: "Mastra `PostgresStore`",
  package: "@mastra/pg",
  description:
    "`persistWorkflowSnapshot`, `loadWorkflowSnapshot`, `listWorkflowRuns({ status })`. Each id is a run, which is overwritten. The status is in the snapshot, and has an index.",
  node: 22,
  async connect({ url, pool }) {
    process.env["MASTRA_TELEMETRY_DISABLED"] = "1";
    const { PostgresStore } = await importForeign<Package>("@mastra/pg");
    const store = new PostgresStore({ id: "bench", connectionString: url, max: pool });
    await store.init();
    const workflows = await store.getStore("workflows");
    if (workflows === undefined) throw new Error("@mastra/pg has no store of workflows");
    const workflowName = "Order.V2";
    return {
      put: ({ id, status, state }) =>
        workflows.persistWorkflowSnapshot({ workflowName, runId: id, snapshot: { runId: id, status, ...state } }),
      get: (id) => workflows.loadWorkflowSnapshot({ workflowName, runId: id }),
      list: async () => (await workflows.listWorkflowRuns({ status: LISTED })).runs,
      close: () => store.close(),
    };
  },
};
