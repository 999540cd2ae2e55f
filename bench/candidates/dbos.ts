import { randomUUID } from "node:crypto";
import type { Candidate } from "../candidate.js";
import { LISTED } from "../workload.js";
import { importForeign } from "../dependencies.js";

interface WorkflowStatus {
  readonly workflowUUID: string;
  readonly input: string | null;
}

/** https://github.com/dbos-inc/dbos-transact-ts: what its executor calls, under the package's `internal/` exports. */
interface SystemDatabase {
  init(): Promise<void>;
  initWorkflowStatus(status: WorkflowStatus & Readonly<Record<string, unknown>>, creatorXid: string): Promise<unknown>;
  listWorkflows(filters: {
    readonly workflowIDs?: readonly string[];
    readonly status?: string;
    readonly loadOutput: false;
  }): Promise<readonly WorkflowStatus[]>;
  destroy(): Promise<void>;
}

interface Package {
  readonly SystemDatabase: new (
    url: string,
    logger: object,
    serializer: object,
    poolSize: number,
    pool: undefined,
    schema: undefined,
    useListenNotify: false,
  ) => SystemDatabase;
}

const SILENT = { info: ignore, debug: ignore, warn: ignore, error: ignore };
function ignore(): void {}

export const dbos: Candidate = {
  name: "dbos",
  title: "DBOS `SystemDatabase`",
  package: "@dbos-inc/dbos-sdk",
  description:
    "`initWorkflowStatus`, `listWorkflows({ workflowIDs })`, `listWorkflows({ status })`, without loading outputs. DBOS never rewrites a state, so each put inserts a workflow whose input is the state; get loads the latest one of the id, list the 100 of the first puts.",
  async connect({ url, pool }) {
    const { SystemDatabase } = await importForeign<Package>("@dbos-inc/dbos-sdk/internal/system_database");
    const database = new SystemDatabase(url, SILENT, JSON, pool, undefined, undefined, false);
    await database.init();
    const latest = new Map<string, string>();
    const parse = ({ input, ...status }: WorkflowStatus): unknown => ({ ...status, input: JSON.parse(input ?? "null") as unknown });
    return {
      async put({ id, workflow, status, state }) {
        const workflowUUID = randomUUID();
        await database.initWorkflowStatus(
          {
            workflowUUID,
            status: status === LISTED && !latest.has(id) ? "ENQUEUED" : "PENDING",
            workflowName: workflow,
            workflowClassName: "",
            workflowConfigName: "",
            authenticatedUser: "",
            assumedRole: "",
            authenticatedRoles: [],
            input: JSON.stringify([state]),
            output: null,
            error: null,
            executorId: "local",
            applicationID: "",
            priority: 0,
            serialization: null,
          },
          workflowUUID,
        );
        latest.set(id, workflowUUID);
      },
      get: async (id) => (await database.listWorkflows({ workflowIDs: [latest.get(id) ?? ""], loadOutput: false })).map(parse)[0],
      list: async () => (await database.listWorkflows({ status: "ENQUEUED", loadOutput: false })).map(parse),
      close: () => database.destroy(),
    };
  },
};
