import type { QueryFilters } from "hephaestus-prisma";
import { broken, type BrokenStorage } from "./broken-storage.js";
import { like } from "./like.js";

/** Replaces the filters of a query. */
function misreading(fault: string, caughtBy: readonly string[], read: (filters: QueryFilters) => QueryFilters): BrokenStorage {
  return broken(fault, caughtBy, (storage) => ({
    query: (filters = {}, options) => storage.query(isObject(filters) ? read(filters) : filters, options),
  }));
}

/** Replaces the test of whether a workflow belongs to a family. */
function mistaking(fault: string, caughtBy: readonly string[], matches: (workflow: string, family: string) => boolean): BrokenStorage {
  return broken(fault, caughtBy, (storage) => ({
    async query(filters = {}, options) {
      const found = await storage.query(filters, options);
      const { workflowFamily, ...rest } = filters;
      if (workflowFamily === undefined) return found;
      return (await storage.query(rest, options)).filter(({ workflow }) => matches(workflow, workflowFamily));
    },
  }));
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function without(filters: QueryFilters, isMeant: (name: string, value: unknown) => boolean): QueryFilters {
  return Object.fromEntries(Object.entries(filters).filter(([name, value]) => !isMeant(name, value)));
}

const FILTERS = [
  ...["id", "status", "statusIn", "workflow", "workflowIn", "workflowVersion", "workflowFamily", "workflowFamilyIn"],
  ...["insertedBefore", "insertedAfter", "updatedBefore", "updatedAfter", "stateContains", "contextContains"],
];

export const brokenFilters: readonly BrokenStorage[] = [
  misreading(
    "ignores unknown filters",
    ['query: rejects the filters {"state":"running"}', 'query: rejects the filters {"workflow_family":"Order"}'],
    (filters) => without(filters, (name) => name === "state" || name === "workflow_family"),
  ),
  misreading(
    "ignores an undefined filter",
    FILTERS.map((name) => `query: rejects the filters {"${name}":"undefined"}`),
    (filters) => without(filters, (_, value) => value === undefined),
  ),
  misreading(
    "ignores an empty list",
    [
      'query: finds by {"statusIn":[]}',
      'query: finds by {"workflowIn":[]}',
      'query: finds by {"workflowFamilyIn":[]}',
      "query: finds what matches both of any two filters",
    ],
    (filters) => without(filters, (_, value) => Array.isArray(value) && value.length === 0),
  ),
  misreading(
    "forgets the second of two filters",
    [
      "query: finds what matches both of any two filters",
      "query: finds what matches all of many filters",
      "query: finds by the times of the first and the last put, and not at them",
    ],
    (filters) => Object.fromEntries(Object.entries(filters).slice(0, 1)),
  ),
  misreading("includes the bounds of times", ["query: finds by the times of the first and the last put, and not at them"], (filters) =>
    filters.insertedBefore instanceof Date ? { ...filters, insertedBefore: new Date(filters.insertedBefore.getTime() + 1) } : filters,
  ),
  mistaking(
    "doesn't escape a prefix",
    [
      "put: takes \"E'\\\\\\\\x00'\" as an id, a workflow, a step and a value",
      'put: takes "back\\\\slash" as an id, a workflow, a step and a value',
      'put: takes "\\\\" as an id, a workflow, a step and a value',
      'put: takes "%" as an id, a workflow, a step and a value',
      'put: takes "_" as an id, a workflow, a step and a value',
      'query: finds by {"workflowFamily":"Pct%"}',
      'query: finds by {"workflowFamily":"%"}',
      'query: finds by {"workflowFamily":"_"}',
      'query: finds by {"workflowFamily":"Order_"}',
      'query: finds by {"workflowFamily":"Back\\\\"}',
      "query: finds what matches both of any two filters",
    ],
    (workflow, family) => like(workflow, `${family}%`),
  ),
  mistaking(
    "ignores the case of a prefix",
    [
      'query: finds by {"workflowFamily":"Order"}',
      'query: finds by {"workflowFamily":"Order."}',
      'query: finds by {"workflowFamily":"order."}',
      "query: finds what matches both of any two filters",
    ],
    (workflow, family) => workflow.toLowerCase().startsWith(family.toLowerCase()),
  ),

  broken("compares arrays by their order", ['containment: finds by {"tags":["blue","red","blue"]} in the initial context'], (storage) => ({
    async query(filters = {}, options) {
      const tags: unknown = filters?.contextContains?.tags;
      const found = await storage.query(filters, options);
      if (!Array.isArray(tags)) return found;
      return found.filter(({ context }) => JSON.stringify(context.initial.tags).startsWith(JSON.stringify(tags).slice(0, -1)));
    },
  })),
];
