import type { Prisma } from "../../generated/prisma/client.js";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { createClient } from "../prisma-client.js";
import { type Entry, LISTED } from "../workload.js";

const COLUMNS = { id: true, workflow: true, workflowVersion: true, status: true, state: true } as const;

function upsert(entry: Entry): Prisma.WorkflowInstanceUpsertArgs {
  const { id, workflow, workflowVersion, status } = entry;
  const state = entry.state as Prisma.InputJsonObject;
  return { where: { id }, create: { id, workflow, workflowVersion, status, state }, update: { workflow, status, state } };
}

/** Prisma's own calls, which select the columns that are needed. */
export const barePrisma: Candidate = {
  name: "bare-prisma",
  title: "bare Prisma",
  async connect(database) {
    await createTable(database.url);
    const client = await createClient(database);
    return {
      put: (entry) => client.workflowInstance.upsert({ ...upsert(entry), select: { id: true } }),
      get: (id) => client.workflowInstance.findUnique({ where: { id }, select: COLUMNS }),
      list: () => client.workflowInstance.findMany({ where: { status: LISTED }, orderBy: { id: "asc" }, select: COLUMNS }),
      close: () => client.$disconnect(),
    };
  },
};
