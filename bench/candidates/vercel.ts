import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Candidate } from "../candidate.js";
import { LISTED } from "../workload.js";
import { importForeign } from "../dependencies.js";

interface Run {
  readonly runId: string;
  readonly input?: unknown;
}

/** https://github.com/vercel/workflow/tree/main/packages/world-postgres */
interface World {
  readonly events: {
    create(runId: string, event: { readonly eventType: string; readonly eventData?: object }): Promise<{ readonly run?: Run }>;
  };
  readonly runs: {
    get(runId: string): Promise<Run>;
    list(params: { readonly status: string; readonly pagination: { readonly limit: number } }): Promise<{ readonly data: readonly Run[] }>;
  };
  close(): Promise<void>;
}

interface Package {
  readonly createWorld: (config: { readonly connectionString: string; readonly maxPoolSize: number }) => World;
}

export const vercel: Candidate = {
  name: "vercel",
  title: "Vercel Workflow `world-postgres`",
  package: "@workflow/world-postgres",
  description:
    "`events.create` of a `run_created`, `runs.get`, `runs.list({ status })`. The log is append-only, so each put creates a run whose input is the state, as bytes of JSON; get loads the latest one of the id, list the 100 of the first puts.",
  async connect({ url, pool }) {
    const entry = createRequire(import.meta.url).resolve("@workflow/world-postgres");
    await promisify(execFile)(process.execPath, [join(dirname(entry), "../bin/setup.js")], {
      env: { ...process.env, WORKFLOW_POSTGRES_URL: url },
    });
    const { createWorld } = await importForeign<Package>("@workflow/world-postgres");
    const world = createWorld({ connectionString: url, maxPoolSize: pool });
    const latest = new Map<string, string>();
    const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
    const parse = ({ input, ...run }: Run): unknown => ({
      ...run,
      input: JSON.parse(decoder.decode(input as Uint8Array)) as unknown,
    });
    return {
      async put({ id, workflow, status, state }) {
        const eventData = { deploymentId: "bench", workflowName: workflow, input: encoder.encode(JSON.stringify(state)) };
        const { run } = await world.events.create("", { eventType: "run_created", eventData });
        if (run === undefined) throw new Error("no run was created");
        if (status === LISTED && !latest.has(id)) await world.events.create(run.runId, { eventType: "run_started" });
        latest.set(id, run.runId);
      },
      get: async (id) => parse(await world.runs.get(latest.get(id) ?? "")),
      list: async () => (await world.runs.list({ status: "running", pagination: { limit: 100 } })).data.map(parse),
      close: () => world.close(),
    };
  },
};
