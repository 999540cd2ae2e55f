import assert from "node:assert/strict";
import type { QueryFilters } from "../../storage/filters.js";

/** What no filters can be, whatever a JavaScript caller's types say, and the name of the filter that is wrong. */
export const badFilters: readonly (readonly [filters: QueryFilters, filter: string])[] = (
  [
    [null, ""],
    ["running", ""],
    [[], ""],
    [{ state: "running" }, "state"],
    [{ workflow_family: "Order" }, "workflow_family"],
    [{ toString: "running" }, "toString"],
    ...[
      ...["id", "status", "statusIn", "workflow", "workflowIn", "workflowVersion", "workflowFamily", "workflowFamilyIn"],
      ...["insertedBefore", "insertedAfter", "updatedBefore", "updatedAfter", "stateContains", "contextContains"],
    ].map((name) => [{ [name]: undefined }, name]),
    [{ id: { not: "x" } }, "id"],
    [{ id: "" }, "id"],
    [{ status: ["running"] }, "status"],
    [{ status: "paused" }, "status"],
    [{ statusIn: "running" }, "statusIn"],
    [{ statusIn: ["running", "paused"] }, "statusIn"],
    [{ workflowIn: ["a", ""] }, "workflowIn"],
    [{ workflowVersion: "1" }, "workflowVersion"],
    [{ workflowFamily: "a\0" }, "workflowFamily"],
    [{ workflowFamilyIn: "Order" }, "workflowFamilyIn"],
    [{ insertedBefore: "2026-01-01" }, "insertedBefore"],
    [{ insertedAfter: new Date(8.64e15) }, "insertedAfter"],
    [{ updatedBefore: new Date("0000-12-31") }, "updatedBefore"],
    [{ updatedAfter: new Date(Number.NaN) }, "updatedAfter"],
    [{ stateContains: [1] }, "stateContains"],
    [{ contextContains: { at: new Date(0) } }, "contextContains"],
    [{ contextContains: { at: undefined } }, "contextContains"],
    [{ contextContains: { text: "\0" } }, "contextContains"],
  ] as [unknown, string][]
).map(([filters, filter]) => [filters as QueryFilters, filter]);

class WithAccessors {
  get status(): string {
    return "running";
  }
}

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

/** Objects whose content can't be seen by their own keys: taken for filters, they would select everything. */
export const notPlain: readonly (readonly [what: string, value: object])[] = [
  ["an instance of a class with accessors", new WithAccessors()],
  ["a Map", new Map([["status", "running"]])],
  ["URLSearchParams", new URLSearchParams("status=running")],
  ["an object that inherits its keys", Object.create({ status: "running" }) as object],
  ["an object that inherits its keys from one without a prototype", Object.create(Object.create(null, { status: {} }) as object) as object],
  ["a Proxy that hides its keys", new Proxy({}, { get: () => "running" })],
  ["a revoked Proxy", revoked],
  ["an object with a symbol as a key", { [Symbol("status")]: "running" }],
  ["a Date", new Date()],
];

/** Asserts that a method rejects all of them. */
export async function rejectsBadFilters(ask: (filters: QueryFilters) => Promise<unknown>): Promise<void> {
  for (const [filters, filter] of badFilters) await assert.rejects(ask(filters), { code: "INVALID_FILTER", filter });
}
