import type { Prisma } from "../../generated/prisma/client.js";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { createClient, nameStatements } from "../prisma-client.js";
import { type Entry, LISTED } from "../workload.js";

const COLUMNS = { id: true, workflow: true, workflowVersion: true, status: true, state: true } as const;

function upsert(entry: Entry): Prisma.WorkflowInstanceUpsertArgs {
  const { id, workflow, workflowVersion, status } = entry;
  const state = entry.state as Prisma.InputJsonObject;
  return { where: { id }, create: { id, workflow, workflowVersion, status, state }, update: { workflow, status, state } };
}

/** Selects only the columns that are needed. */
function createSelecting(name: string, title: string, named: boolean): Candidate {
  return {
    name,
    title,
    async connect(database) {
      await createTable(database.url);
      const client = await createClient(database, named ? nameStatements() : undefined);
      return {
        put: (entry) => client.workflowInstance.upsert({ ...upsert(entry), select: { id: true } }),
        get: (id) => client.workflowInstance.findUnique({ where: { id }, select: COLUMNS }),
        list: () => client.workflowInstance.findMany({ where: { status: LISTED }, orderBy: { id: "asc" }, select: COLUMNS }),
        close: () => client.$disconnect(),
      };
    },
  };
}

export const barePrisma = createSelecting("bare-prisma", "bare Prisma, `select`", false);
export const barePrismaNamed = createSelecting("bare-prisma-named", "bare Prisma, `select`, named statements", true);

/** Without `select`, every column is returned, by a put too. */
export const barePrismaWholeRows: Candidate = {
  name: "bare-prisma-whole-rows",
  title: "bare Prisma, whole rows",
  async connect(database) {
    await createTable(database.url);
    const client = await createClient(database);
    return {
      put: (entry) => client.workflowInstance.upsert(upsert(entry)),
      get: (id) => client.workflowInstance.findUnique({ where: { id } }),
      list: () => client.workflowInstance.findMany({ where: { status: LISTED }, orderBy: { id: "asc" } }),
      close: () => client.$disconnect(),
    };
  },
};
