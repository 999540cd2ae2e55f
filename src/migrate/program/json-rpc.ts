import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** Sends a request to the client, and waits for its response. */
export type Ask = (method: string, params: object) => Promise<unknown>;

export interface JsonRpcServer {
  /** Returns the result of a request, or throws an error for `describeError`. */
  handle(method: string, params: unknown, ask: Ask): Promise<unknown>;
  describeError(error: unknown): { readonly code: number; readonly message: string; readonly data?: unknown };
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
}

/**
 * Serves JSON-RPC 2.0, one message a line, until the input ends. Requests are served one after the other; during
 * one, the server may send a request to the client.
 */
export async function serveJsonRpc(input: Readable, output: Writable, server: JsonRpcServer): Promise<void> {
  const awaited = new Map<unknown, (result: unknown) => void>();
  let asked = 0;
  let last: Promise<void> = Promise.resolve();

  const send = (message: object): void => void output.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const ask: Ask = (method, params) =>
    new Promise((resolve) => {
      const id = ++asked;
      awaited.set(id, resolve);
      send({ id, method, params });
    });
  const serve = async (id: unknown, method: string, params: unknown): Promise<void> => {
    try {
      send({ id, result: await server.handle(method, params, ask) });
    } catch (error) {
      send({ id, error: server.describeError(error) });
    }
  };

  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const message = parse(line);
    if (!message) {
      send({ id: null, error: { code: -32700, message: "Parse error" } });
    } else if (typeof message.method === "string") {
      const { id, method, params } = message;
      last = last.then(() => serve(id, method, params));
    } else {
      awaited.get(message.id)?.(message.result);
      awaited.delete(message.id);
    }
  }
  await last;
}

function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
