import { createInstance, createPrismaStorage, type Instance, type Status } from "hephaestus-prisma";
import type { PrismaClient } from "../generated/prisma/client.js";

/** One entry in a sample's history. */
interface Event {
  readonly step: string;
  readonly event: string;
  readonly minutesAgo: number;
  readonly result?: Readonly<Record<string, unknown>>;
}

interface Sample {
  readonly id: string;
  readonly workflow: string;
  readonly version?: number;
  readonly initial: Readonly<Record<string, unknown>>;
  readonly status: Status;
  readonly active?: readonly string[];
  readonly history?: readonly Event[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** When it was first stored. Its last event is its last write. */
  readonly minutesAgo: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** Orders and invoices in every status: some active, some completed, one waiting for days, two failed. */
const SAMPLES: readonly Sample[] = [
  {
    id: "order::4698",
    workflow: "Order.V1",
    initial: { customer: "Barbara", items: [{ sku: "C-3", cents: 99 }] },
    status: "completed",
    minutesAgo: 9 * DAY,
    history: [
      { step: "validate", event: "valid", minutesAgo: 9 * DAY - 1 },
      { step: "pay", event: "paid", minutesAgo: 9 * DAY - 2, result: { reference: "p-98" } },
      { step: "ship", event: "delivered", minutesAgo: 6 * DAY, result: { carrier: "DHL" } },
    ],
  },
  {
    id: "order::4711",
    workflow: "Order.V2",
    version: 2,
    initial: { customer: "Ada", items: [{ sku: "A-1", cents: 1999 }] },
    status: "waiting",
    active: ["payment"],
    minutesAgo: 3 * DAY + 2 * HOUR,
    history: [
      { step: "validate", event: "valid", minutesAgo: 3 * DAY + 119 },
      { step: "reserve", event: "reserved", minutesAgo: 3 * DAY + 118, result: { warehouse: "berlin-1" } },
      { step: "payment", event: "requested", minutesAgo: 3 * DAY + 117, result: { reason: "awaiting bank transfer" } },
    ],
  },
  {
    id: "order::4712",
    workflow: "Order.V2",
    version: 2,
    initial: { customer: "Grace", items: [{ sku: "B-2", cents: 250 }] },
    status: "failed",
    active: ["payment"],
    minutesAgo: 5 * HOUR,
    history: [
      { step: "validate", event: "valid", minutesAgo: 299 },
      { step: "reserve", event: "reserved", minutesAgo: 298, result: { warehouse: "berlin-1" } },
      { step: "payment", event: "failed", minutesAgo: 296, result: { error: { name: "PaymentError", message: "card declined" } } },
    ],
    metadata: { attempts: 3 },
  },
  {
    id: "order::4713",
    workflow: "Order.V2",
    version: 2,
    initial: { customer: "Edsger", items: [{ sku: "A-1", cents: 1999 }] },
    status: "running",
    active: ["notify", "ship"],
    minutesAgo: 42,
    history: [
      { step: "validate", event: "valid", minutesAgo: 41 },
      { step: "reserve", event: "reserved", minutesAgo: 40, result: { warehouse: "hamburg-2" } },
      { step: "payment", event: "paid", minutesAgo: 2, result: { reference: "p-113" } },
    ],
  },
  {
    id: "order::4714",
    workflow: "Order.V2",
    version: 2,
    initial: { customer: "Alan", items: [{ sku: "D-4", cents: 4200 }] },
    status: "pending",
    minutesAgo: 1,
  },
  {
    id: "invoice::2026-0142",
    workflow: "Invoice.V1",
    initial: { order: "order::4698" },
    status: "completed",
    minutesAgo: 6 * DAY,
    history: [
      { step: "render", event: "rendered", minutesAgo: 6 * DAY - 1, result: { pages: 1 } },
      { step: "send", event: "sent", minutesAgo: 6 * DAY - 2 },
    ],
  },
  {
    id: "invoice::2026-0143",
    workflow: "Invoice.V1",
    initial: { order: "order::4711" },
    status: "failed",
    active: ["send"],
    minutesAgo: 2 * DAY,
    history: [{ step: "render", event: "rendered", minutesAgo: 2 * DAY - 1, result: { pages: 2 } }],
    metadata: { attempts: 5, reason: "451 mailbox unavailable" },
  },
  {
    id: "invoice::2026-0144",
    workflow: "Invoice.V1",
    initial: { order: "order::4713" },
    status: "running",
    active: ["render"],
    minutesAgo: 2,
  },
];

/** Stores the samples with their ages. */
export async function writeSamples(client: PrismaClient): Promise<void> {
  const now = Date.now();
  await createPrismaStorage(client).putMany(SAMPLES.map((sample) => toInstance(sample, now)));
  for (const { id, minutesAgo, history } of SAMPLES) {
    const insertedAt = timeOf(minutesAgo, now);
    const updatedAt = timeOf(history?.at(-1)?.minutesAgo ?? minutesAgo, now);
    await client.workflowInstance.update({ where: { id }, data: { insertedAt, updatedAt } });
  }
}

function toInstance(
  { id, workflow, version = 1, initial, status, active = [], history = [], metadata = {} }: Sample,
  now: number,
): Instance {
  const done = history.filter(({ step }) => !active.includes(step));
  return {
    ...createInstance({ id, workflow, workflowVersion: version, initial }),
    status,
    currentStep: active[0] ?? null,
    context: { initial, steps: Object.fromEntries(done.map(({ step, result = {} }) => [step, result])) },
    activeSteps: new Set(active),
    completedSteps: new Set(done.map(({ step }) => step)),
    executionHistory: history.map(({ step, event, minutesAgo, result = null }) => ({
      stepRef: step,
      event,
      timestamp: timeOf(minutesAgo, now).toISOString(),
      contextUpdates: result,
    })),
    runtimeMetadata: metadata,
  };
}

function timeOf(minutesAgo: number, now: number): Date {
  return new Date(now - minutesAgo * 60_000);
}
