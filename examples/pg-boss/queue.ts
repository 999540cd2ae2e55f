import { fromPrisma, PgBoss } from "pg-boss";
import type { Prisma } from "../../generated/prisma/client.js";

/** One step of one instance to run. */
export interface StepJob {
  readonly id: string;
  readonly step: string;
}

const QUEUE = "order-steps";

/** The queue: it claims, retries and times jobs, for any number of workers. */
export class StepQueue {
  readonly #boss: PgBoss;

  constructor(connectionString: string) {
    this.#boss = new PgBoss({ connectionString, superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 });
    this.#boss.on("error", console.error); // without a listener, a lost connection would end the process
  }

  /** A worker that takes longer for a step than `stepTimeoutSeconds` has died: its job goes to another one. */
  async start(stepTimeoutSeconds: number): Promise<void> {
    await this.#boss.start();
    const retries = { retryLimit: 10, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 };
    await this.#boss.createQueue(QUEUE, { ...retries, expireInSeconds: stepTimeoutSeconds });
  }

  /** Adds a job in your transaction: it is there if and when that commits. With `startAfter` seconds, it is a timer. */
  async add(tx: Prisma.TransactionClient, job: StepJob, startAfter = 0): Promise<void> {
    await this.#boss.send(QUEUE, job, { startAfter, db: fromPrisma(tx) });
  }

  /** Runs jobs until `stop`. A job whose `run` rejects is retried later. */
  async work(run: (job: StepJob) => Promise<void>): Promise<void> {
    await this.#boss.work<StepJob>(QUEUE, { pollingIntervalSeconds: 0.5 }, async (jobs) => {
      for (const { data } of jobs) await run(data);
    });
  }

  /** Ends after the jobs that run now. */
  async stop(): Promise<void> {
    await this.#boss.stop();
  }
}
