import type { Prisma } from "../../generated/prisma/client.js";
import type { Competitor } from "../competitor.js";
import { createTable } from "../table.js";
import { LISTED, type Work } from "../workload.js";
import { createClient } from "./prisma-client.js";

const COLUMNS = { id: true, workflow: true, workflowVersion: true, status: true, state: true } as const;

function upsert(work: Work): Prisma.WorkflowInstanceUpsertArgs {
  const { id, workflow, workflowVersion, status } = work;
  const state = work.state as Prisma.InputJsonObject;
  return { where: { id }, create: { id, workflow, workflowVersion, status, state }, update: { workflow, status, state } };
}

/** As a good Prisma user would write it: only the columns that are needed. */
function createWell(name: string, title: string, named: boolean): Competitor {
  return {
    name,
    title,
    async setup(target) {
      await createTable(target.url);
      const client = await createClient(target, named);
      return {
        put: (work) => client.workflowInstance.upsert({ ...upsert(work), select: { id: true } }),
        get: (id) => client.workflowInstance.findUnique({ where: { id }, select: COLUMNS }),
        list: () => client.workflowInstance.findMany({ where: { status: LISTED }, orderBy: { id: "asc" }, select: COLUMNS }),
        close: () => client.$disconnect(),
      };
    },
  };
}

export const prismaWell = createWell("prisma-well", "bare Prisma, `select`", false);
export const prismaWellNamed = createWell("prisma-well-named", "bare Prisma, `select`, named statements", true);

/** As one writes it first: every column comes back, also from a put. */
export const prismaNaive: Competitor = {
  name: "prisma-naive",
  title: "bare Prisma, whole rows",
  async setup(target) {
    await createTable(target.url);
    const client = await createClient(target, false);
    return {
      put: (work) => client.workflowInstance.upsert(upsert(work)),
      get: (id) => client.workflowInstance.findUnique({ where: { id } }),
      list: () => client.workflowInstance.findMany({ where: { status: LISTED }, orderBy: { id: "asc" } }),
      close: () => client.$disconnect(),
    };
  },
};
