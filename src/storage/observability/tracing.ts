import { createRequire } from "node:module";
import type { Tracer } from "@opentelemetry/api";
import type { Operation } from "./operation.js";

/** A call that is traced while it runs. */
interface Trace {
  /** Runs a part of the call inside its span, so that what it calls nests there. */
  within<Result>(call: () => Result): Result;
  /** Whether anybody looks at the span. */
  readonly recording: boolean;
  end(operation: Operation): void;
}

/** Starts the span of a call that was given some number of ids. Returns `null` if no tracer provider is registered. */
type StartTrace = (operation: Operation["operation"], given: number) => Trace | null;

type OpenTelemetry = typeof import("@opentelemetry/api");

/**
 * Returns what starts spans, or `null` if the application doesn't have `@opentelemetry/api`. It is loaded by `require`,
 * since code that requires this package can't wait for an import.
 */
export function findTracing(): StartTrace | null {
  const api = load();
  if (api === null) return null;
  const tracer: Tracer = api.trace.getTracer("hephaestus-prisma");
  return (operation, given) => {
    const span = tracer.startSpan(`${operation} ${COLLECTION}`, {
      kind: api.SpanKind.CLIENT,
      attributes: {
        "db.system.name": "postgresql",
        "db.operation.name": operation,
        "db.collection.name": COLLECTION,
        ...(given > 1 && { "db.operation.batch.size": given }),
      },
    });
    if (!api.isSpanContextValid(span.spanContext())) return null;
    const context = api.trace.setSpan(api.context.active(), span);
    return {
      recording: span.isRecording(),
      within: (call) => api.context.with(context, call),
      end({ rows, stateBytes, retries, outcome, ids }) {
        span.setAttributes({ "db.response.returned_rows": rows, "hephaestus.state_bytes": stateBytes, "hephaestus.retries": retries });
        if (ids !== undefined) span.setAttribute("hephaestus.instance_ids", [...ids]);
        if (outcome !== "ok") span.setAttribute("error.type", outcome).setStatus({ code: api.SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
}

const COLLECTION = "workflow_instances"; // as in the model file; another name would take a statement to find out

function load(): OpenTelemetry | null {
  try {
    return createRequire(import.meta.url)("@opentelemetry/api") as OpenTelemetry;
  } catch {
    return null; // not installed, or bundled away
  }
}
