import type { Candidate } from "../candidate.js";
import { LISTED } from "../workload.js";
import { importForeign } from "../dependencies.js";

/** https://github.com/timgit/pg-boss */
interface PgBoss {
  start(): Promise<unknown>;
  stop(): Promise<void>;
  createQueue(queue: string): Promise<void>;
  send(queue: string, data: object): Promise<string | null>;
  update(queue: string, data: object, options: { readonly id: string }): Promise<{ readonly updated: number }>;
  getJobById(queue: string, id: string): Promise<unknown>;
  findJobs(queue: string): Promise<readonly unknown[]>;
}

interface Package {
  readonly PgBoss: new (options: {
    readonly connectionString: string;
    readonly max: number;
    readonly migrate: boolean;
    readonly supervise: false;
    readonly schedule: false;
    readonly registerInstance: false;
  }) => PgBoss;
}

const OTHERS = "others";

export const pgBoss: Candidate = {
  name: "pg-boss",
  title: "pg-boss",
  package: "pg-boss",
  description:
    "`update`, `getJobById`, `findJobs`. Each id is a job whose data is the state; the first put sends it, and those after that rewrite it in place, which pg-boss does until a worker takes the job. It finds jobs by queue, not by any status, so those that are listed have a queue of their own.",
  node: 22,
  async connect({ url, pool }) {
    const { PgBoss } = await importForeign<Package>("pg-boss");
    const start = async (migrate: boolean): Promise<PgBoss> => {
      const quiet = { supervise: false, schedule: false, registerInstance: false } as const;
      const boss = new PgBoss({ connectionString: url, max: pool, migrate, ...quiet });
      await boss.start();
      return boss;
    };
    // What creates the tables also polls for migrations, so another one is measured.
    await (await start(true)).stop();
    const boss = await start(false);
    for (const queue of [LISTED, OTHERS]) await boss.createQueue(queue);
    const jobs = new Map<string, { readonly queue: string; readonly job: string }>();
    return {
      async put({ id, status, state }) {
        const stored = jobs.get(id);
        if (stored !== undefined) {
          const { updated } = await boss.update(stored.queue, state, { id: stored.job });
          if (updated !== 1) throw new Error("no job was updated");
          return;
        }
        const queue = status === LISTED ? LISTED : OTHERS;
        const job = await boss.send(queue, state);
        if (job === null) throw new Error("no job was created");
        jobs.set(id, { queue, job });
      },
      async get(id) {
        const stored = jobs.get(id);
        return stored && boss.getJobById(stored.queue, stored.job);
      },
      list: () => boss.findJobs(LISTED),
      close: () => boss.stop(),
    };
  },
};
