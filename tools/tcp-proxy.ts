import { connect, createServer, type Socket } from "node:net";

/** How a connection ends whose answer is lost: at once, in order, or not at all. */
type Loss = "reset" | "end" | "silence";

/** A TCP proxy in front of a server, whose connections can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Cuts every connection that is open, in the middle of whatever it carries. */
  cut(): void;
  /** Cuts every connection that is open, and every one that is made, until `open` is called. */
  shut(): void;
  open(): void;
  /** Sends connections that are made from now on to another port. */
  pointTo(target: number): void;
  /**
   * Loses the answer to the next statement that contains a text, after the server has executed it. Resolves when it
   * is lost.
   */
  loseAnswer(statement: string, loss?: Loss): Promise<void>;
  /** Answers the next statement that contains a text with an error, as a server or a pooler would, and doesn't forward it. */
  failStatement(statement: string, error: ServerError): void;
  close(): Promise<void>;
}

/** An error of a server. After a FATAL one, the connection is closed. */
export interface ServerError {
  readonly severity: "ERROR" | "FATAL";
  readonly code: string;
  readonly message: string;
  readonly routine?: string;
}

interface Failing {
  readonly statement: string;
  readonly error: ServerError;
}

interface Pending {
  readonly statement: string;
  readonly loss: Loss;
  readonly lost: () => void;
}

/** Starts a proxy on 127.0.0.1 in front of a port there. Without `port`, it listens on a free one. */
export async function startTcpProxy(target: number, port = 0): Promise<TcpProxy> {
  const pairs = new Set<() => void>();
  const pending: Pending[] = [];
  const failing: Failing[] = [];
  let isShut = false;
  const server = createServer((inbound: Socket) => {
    const outbound = connect(target, "127.0.0.1");
    let losing: Pending | undefined;
    let hasEnded = false;
    const cutPair = (): void => {
      inbound.destroy();
      outbound.destroy();
      pairs.delete(cutPair);
    };
    pairs.add(cutPair);
    for (const socket of [inbound, outbound]) socket.on("error", cutPair).on("close", cutPair);
    inbound.on("data", (chunk: Buffer) => {
      const failed = failing.findIndex(({ statement }) => chunk.includes(statement));
      const [failure] = failed === -1 ? [] : failing.splice(failed, 1);
      if (failure !== undefined) return void answerError(inbound, failure.error);
      const index = losing === undefined ? pending.findIndex(({ statement }) => chunk.includes(statement)) : -1;
      if (index >= 0) losing = pending.splice(index, 1)[0];
      outbound.write(chunk);
    });
    outbound.on("data", (chunk: Buffer) => {
      if (losing === undefined) inbound.write(chunk);
      else if (!hasEnded && isReady(chunk)) {
        hasEnded = true;
        if (losing.loss === "reset") inbound.resetAndDestroy();
        else if (losing.loss === "end") inbound.end();
        losing.lost();
      }
    });
    if (isShut) cutPair();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const cut = (): void => {
    for (const cutPair of [...pairs]) cutPair();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut,
    shut() {
      isShut = true;
      cut();
    },
    open() {
      isShut = false;
    },
    pointTo(other) {
      target = other;
    },
    failStatement: (statement, error) => void failing.push({ statement, error }),
    loseAnswer: (statement, loss = "reset") => new Promise((lost) => pending.push({ statement, loss, lost })),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether a chunk ends with ReadyForQuery outside of a transaction: then what was sent is committed. */
function isReady(chunk: Buffer): boolean {
  return chunk.subarray(-6).toString("latin1") === "Z\0\0\0\u0005I";
}

/** ErrorResponse; then ReadyForQuery outside of a transaction, or the end of the connection. */
function answerError(socket: Socket, { severity, code, message, routine = "test" }: ServerError): void {
  const fields = { S: severity, V: severity, C: code, M: message, R: routine };
  const body = Buffer.from(`${Object.entries(fields).map(([name, value]) => `${name}${value}\0`).join("")}\0`); // prettier-ignore
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  socket.write(Buffer.concat([Buffer.from("E"), length, body]));
  if (severity === "FATAL") socket.end();
  else socket.write("Z\0\0\0\u0005I", "latin1");
}
