import { node } from "../../runtime/node.js";
import type { StorageOperation } from "./operation.js";

/**
 * What is needed of an OpenTelemetry `Tracer`; every tracer of `@opentelemetry/api` 1 fits. By its own small type, so
 * that the package loads and compiles without that one.
 */
export interface TracerLike {
  /** Starts a span and calls `run` inside it. */
  startActiveSpan<Result>(name: string, options: SpanOptionsLike, run: (span: SpanLike) => Result): Result;
}

/** What a span is started with. */
export interface SpanOptionsLike {
  /** A `SpanKind`. */
  readonly kind: number;
  /** Attributes by their names. */
  readonly attributes: Record<string, string | number>;
}

/** What is needed of an OpenTelemetry `Span`. */
export interface SpanLike {
  /** What identifies the span. */
  spanContext(): { readonly traceId: string };
  /** Whether it is sampled, so that its attributes matter. */
  isRecording(): boolean;
  /** Adds an attribute. */
  setAttribute(name: string, value: string | number | string[]): unknown;
  /** Sets a `SpanStatusCode`. */
  setStatus(status: { readonly code: number }): unknown;
  /** Ends the span now. */
  end(): void;
}

/** A call that is traced while it runs. */
interface Trace {
  /** Runs a part of the call inside its span, so that what it calls nests there. */
  within<Result>(call: () => Result): Result;
  /** Whether anybody looks at the span. */
  readonly recording: boolean;
  end(operation: StorageOperation): void;
}

/** Starts the span of a call, which was given some number of ids. `null` if nobody records it. */
type StartTrace = (operation: StorageOperation["operation"], given: number) => Trace | null;

/** Starts spans with a tracer. */
export function createTracing(tracer: TracerLike | undefined): StartTrace {
  return (operation, ids) => {
    if (tracer === undefined) return null;
    const attributes = {
      "db.system.name": "postgresql",
      "db.operation.name": operation,
      "db.collection.name": COLLECTION,
      ...(ids > 1 && { "db.operation.batch.size": ids }),
    };
    return tracer.startActiveSpan(`${operation} ${COLLECTION}`, { kind: CLIENT, attributes }, traceOf);
  };
}

// As by the model file: the client doesn't know another name without a statement.
const COLLECTION = "workflow_instances";

// OpenTelemetry's SpanKind.CLIENT, SpanStatusCode.ERROR and INVALID_TRACEID.
const CLIENT = 2;
const ERROR = 2;
const NO_TRACE = "0".repeat(32);

const hooks = node.getBuiltinModule?.("node:async_hooks");

/** The trace of a span that is active. */
function traceOf(span: SpanLike): Trace | null {
  if (span.spanContext().traceId === NO_TRACE) return null;
  const scope = hooks && new hooks.AsyncResource("hephaestus-prisma"); // the span stays active in it, as it is now
  return {
    recording: span.isRecording(),
    within: (call) => (scope === undefined ? call() : scope.runInAsyncScope(call)),
    end({ rows, stateBytes, retries, outcome, ids }) {
      span.setAttribute("db.response.returned_rows", rows);
      span.setAttribute("hephaestus.state_bytes", stateBytes);
      span.setAttribute("hephaestus.retries", retries);
      if (ids !== undefined) span.setAttribute("hephaestus.instance_ids", [...ids]);
      if (outcome !== "ok") {
        span.setAttribute("error.type", outcome);
        span.setStatus({ code: ERROR });
      }
      span.end();
    },
  };
}
