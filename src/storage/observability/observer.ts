import { callback, flag, type Rules } from "../check-options.js";
import { isObject } from "../../runtime/native-types.js";
import type { Reject } from "../../messages/reject.js";
import { node } from "../../runtime/node.js";
import { describe } from "../../messages/describe.js";
import type { StorageOperation, OperationName } from "./operation.js";
import { counted, type Tally } from "./tally.js";
import { createTracing, type TracerLike } from "./tracing.js";

/** Who observes a storage's calls, and in what detail. */
export interface ObserverOptions {
  /**
   * Called after each call of the storage, for metrics and logs. It may be async, and nothing waits for it. What it
   * throws, or rejects with, becomes a process warning, and never the call's error.
   */
  readonly onOperation?: (operation: StorageOperation) => unknown;
  /**
   * Whether operations and spans name the ids that a call was given.
   *
   * @defaultValue false
   */
  readonly recordIds?: boolean;
  /**
   * OpenTelemetry's tracer for the spans of the calls, such as `trace.getTracer("orders")`.
   *
   * @defaultValue none: no spans
   */
  readonly tracer?: TracerLike;
}

const tracer = (value: unknown, reject: Reject): void => {
  if (!isObject(value) || typeof value.startActiveSpan !== "function")
    reject(`expected an OpenTelemetry tracer, such as trace.getTracer("orders"), found ${describe(value)}`);
};

export const OBSERVER_OPTIONS: Rules<ObserverOptions> = { onOperation: callback, recordIds: flag, tracer };

/** A call that is observed while it runs. */
export interface Observation {
  /** Runs the call, or a part of it, and reports its failure. */
  run<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Reports how it ended, unless it has failed. */
  end(rows: number): void;
}

/** Begins to observe a call that was given some objects with ids. Returns `null` if nobody listens. */
export type Observer = (operation: OperationName, given: readonly unknown[]) => Observation | null;

/** Creates an observer for `onOperation` and for OpenTelemetry. */
export function createObserver({ onOperation, recordIds = false, tracer }: ObserverOptions): Observer {
  const startTrace = createTracing(tracer);
  return (operation, given) => {
    const trace = startTrace(operation, given.length);
    if (trace === null && onOperation === undefined) return null;
    const counts = onOperation !== undefined || trace?.recording === true;
    const tally: Tally = { deleted: 0, stateBytes: 0, retries: 0 };
    let durationMs = 0;
    let failure: { readonly error: unknown } | undefined;
    const close = (rows: number, outcome: string): void => {
      const { stateBytes, retries } = tally;
      const ended = { operation, durationMs, rows, stateBytes, retries, outcome, ...(recordIds && { ids: idsOf(given) }) };
      trace?.end(ended);
      if (onOperation !== undefined) report(onOperation, ended);
    };
    return {
      async run(call) {
        const started = performance.now();
        const inside = counts ? () => counted(tally, call) : call;
        try {
          return await (trace === null ? inside() : trace.within(inside));
        } catch (error) {
          failure = { error };
          throw error;
        } finally {
          durationMs += performance.now() - started;
          if (failure !== undefined) close(0, codeOf(failure.error));
        }
      },
      end(rows) {
        if (failure === undefined) close(rows + tally.deleted, "ok");
      },
    };
  };
}

// Anything may have been given: the storage rejects what is not an instance.
function idsOf(given: readonly unknown[]): string[] {
  return given.flatMap((one) => (isObject(one) && typeof one.id === "string" ? [one.id] : []));
}

/** The code of our errors and of Prisma's: messages may repeat what is stored. */
function codeOf(error: unknown): string {
  return isObject(error) && typeof error.code === "string" ? error.code : "error";
}

function report(onOperation: (operation: StorageOperation) => unknown, operation: StorageOperation): void {
  try {
    const result = onOperation(operation);
    if (isObject(result)) void Promise.resolve(result).catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  if (typeof process === "undefined") console.warn(error);
  else process.emitWarning(error instanceof Error ? error : (node.getBuiltinModule?.("node:util").inspect(error) ?? describe(error)));
}
