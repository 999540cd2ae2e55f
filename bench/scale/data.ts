import { createInstance, type Instance, type Status } from "../../dist/index.js";
import { randomSource } from "../random.js";

/** The numbers of rows at which the calls are measured. */
export const STAGES = [10_000, 100_000, 1_000_000] as const;

/** How many instances share a group at every size of the table: a rare value to search for. */
export const GROUP_SIZE = 20;
/** The workflow family of 40 % of the instances, and that of 1 %. */
export const LARGE_FAMILY = "Order.";
export const SMALL_FAMILY = "Refund.";

const DAY = 24 * 60 * 60 * 1000;
const STATUSES: readonly [number, Status][] = [
  [0.7, "completed"],
  [0.75, "failed"],
  [0.9, "waiting"],
  [0.999, "running"],
  [1, "pending"],
];
const COUNTRIES = ["DE", "FR", "PL", "ES", "IT", "NL", "SE", "AT", "CZ", "PT"];
const WORDS = "please ring twice leave with the neighbour by the blue door fragile handle with care gift wrap no invoice inside".split(" ");

/** The id of the n-th instance. Neighbours in the order of ids were stored at unrelated times: the worst case for pages. */
export function idOf(n: number): string {
  return `order::${scatter(n).toString(16).padStart(8, "0")}`;
}

/** The group of the n-th instance: its members are far from each other, but between the same two sizes. */
export function groupOf(n: number): string {
  const to = STAGES.find((stage) => n < stage) ?? Infinity;
  const from = STAGES.findLast((stage) => n >= stage) ?? 0;
  return `group-${from + ((n - from) % Math.ceil((Math.min(to, from + 1_000_000) - from) / GROUP_SIZE))}`;
}

/** How many items the order of an instance has: 9 make about 2 KB of state. */
const ITEMS = 9;

/** The n-th instance, in the middle of its life. */
export function instanceOf(n: number, attempt = 0, items = ITEMS): Instance {
  const random = randomSource(scatter(n));
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const hex = (length: number): string =>
    Math.floor(random() * 2 ** 52)
      .toString(16)
      .padStart(13, "0")
      .slice(0, length);
  const workflow = workflowOf(random());
  const share = random();
  const status = STATUSES.find(([below]) => share < below)?.[1] ?? "pending";
  const customer = hex(12);
  const time = new Date(1_767_225_600_000 + (n % 90) * DAY).toISOString();
  return {
    ...createInstance({ id: idOf(n), workflow, workflowVersion: Number(workflow.at(-1)) }),
    status,
    currentStep: pick(["validate", "payment", "ship"]) ?? null,
    context: {
      initial: {
        group: groupOf(n),
        customer: { id: customer, email: `${customer}@example.com`, country: pick(COUNTRIES) },
        currency: "EUR",
        items: Array.from({ length: items }, () => {
          const sku = Math.floor(random() * 5_000);
          return {
            sku: `sku-${sku}`,
            quantity: 1 + (sku % 7),
            price: { net: sku / 4, vat: 19 },
            note: Array.from({ length: 5 }, () => pick(WORDS)).join(" "),
          };
        }),
      },
      steps: { validate: { valid: true, score: random() }, reserve: { reservation: hex(13), warehouse: pick(["north", "south"]) } },
    },
    stepConfigs: { payment: { retries: 3, timeout_ms: 30_000, backoff: [1, 2, 4, 8] } },
    activeSteps: new Set(["notify", "payment"]),
    completedSteps: new Set(["reserve", "validate"]),
    executionHistory: ["validate", "reserve", "payment"].map((stepRef) => ({
      stepRef,
      event: "done",
      timestamp: time,
      contextUpdates: { result: hex(8) },
    })),
    runtimeMetadata: { trace: hex(13), attempt },
  };
}

function workflowOf(share: number): string {
  const version = 1 + (Math.floor(share * 1_000) % 2);
  if (share < 0.4) return `${LARGE_FAMILY}V${version}`;
  if (share < 0.41) return `${SMALL_FAMILY}V${version}`;
  return `Process${Math.floor(share * 40)}.V${version}`;
}

/** A bijection on 32 bits. */
function scatter(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
