import pg from "pg";

/** A statement that was sent. */
export interface Sent {
  readonly name?: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A pool that records what its connections send, whichever driver adapter or storage uses it. */
export class RecordingPool extends pg.Pool {
  #sent: Sent[] = [];

  constructor(config: pg.PoolConfig) {
    super(config);
    this.on("error", () => {});
    this.on("connect", (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      const recording = (...given: unknown[]): unknown => {
        this.#sent.push(sentBy(given));
        return query(...given);
      };
      Object.assign(client, { query: recording });
    });
  }

  /** What was sent since this was last called. */
  sent(): Sent[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }
}

function sentBy([first, second]: readonly unknown[]): Sent {
  const values = Array.isArray(second) ? second : [];
  if (typeof first === "string") return { text: tidy(first), values };
  const { name, text, values: own = values } = first as Omit<Sent, "values"> & Partial<Sent>;
  return { name, text: tidy(text), values: own };
}

function tidy(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
