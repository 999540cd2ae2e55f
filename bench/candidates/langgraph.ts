import pg from "pg";
import type { Candidate } from "../candidate.js";
import { LISTED } from "../workload.js";
import { importForeign } from "../dependencies.js";

interface Config {
  readonly configurable: { readonly thread_id?: string; readonly checkpoint_ns?: string };
}

/** https://github.com/langchain-ai/langgraphjs/tree/main/libs/checkpoint-postgres */
interface PostgresSaver {
  setup(): Promise<void>;
  put(config: Config, checkpoint: object, metadata: object, newVersions: Readonly<Record<string, number>>): Promise<unknown>;
  getTuple(config: Config): Promise<unknown>;
  list(config: Config, options: { readonly filter: object }): AsyncIterable<unknown>;
  end(): Promise<void>;
}

interface Package {
  readonly PostgresSaver: new (pool: pg.Pool) => PostgresSaver;
}

export const langgraph: Candidate = {
  name: "langgraph",
  title: "LangGraph `PostgresSaver`",
  package: "@langchain/langgraph-checkpoint-postgres",
  description:
    "`put`, `getTuple`, `list`. Each id is a thread with one checkpoint, which is overwritten. The state is one channel; each put writes a new version of it, and LangGraph keeps the older ones. The status is in the metadata.",
  async connect({ url, pool }) {
    const { PostgresSaver } = await importForeign<Package>("@langchain/langgraph-checkpoint-postgres");
    const saver = new PostgresSaver(new pg.Pool({ connectionString: url, max: pool }));
    await saver.setup();
    const configOf = (id: string): Config => ({ configurable: { thread_id: id, checkpoint_ns: "" } });
    let version = 0;
    return {
      put(entry) {
        const versions = { state: ++version };
        const checkpoint = {
          v: 4,
          id: "1ef00000-0000-6000-8000-000000000000",
          ts: new Date().toISOString(),
          channel_values: { state: entry.state },
          channel_versions: versions,
          versions_seen: {},
        };
        return saver.put(configOf(entry.id), checkpoint, { source: "loop", step: version, parents: {}, status: entry.status }, versions);
      },
      get: (id) => saver.getTuple(configOf(id)),
      async list() {
        const found: unknown[] = [];
        for await (const tuple of saver.list({ configurable: {} }, { filter: { status: LISTED } })) found.push(tuple);
        return found;
      },
      close: () => saver.end(),
    };
  },
};
