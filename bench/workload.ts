import { createInstance, type Instance } from "../dist/index.js";
import { randomSource } from "./random.js";

/** The status of the instances that `list` loads, and how many of them there are. */
export const LISTED = "waiting";
export const LISTED_IDS = 100;
const OTHERS = ["pending", "running", "completed", "failed"] as const;

/** The instances of one size: how many there are, and how many bytes of JSON each state has. */
export interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly ids: number;
  /** How many of them are listed. */
  readonly listed: number;
  /** Whether prices have 15 to 17 digits, instead of two after the point. */
  readonly longDoubles?: boolean;
}

export const SIZES = {
  "2 KB": { name: "2 KB", bytes: 2_048, ids: 2_000, listed: LISTED_IDS },
  "2 KB, long doubles": { name: "2 KB, long doubles", bytes: 2_048, ids: 2_000, listed: LISTED_IDS, longDoubles: true },
  "64 KB": { name: "64 KB", bytes: 65_536, ids: 100, listed: 0 },
  "1 MB": { name: "1 MB", bytes: 1_048_576, ids: 10, listed: 0 },
} as const satisfies Record<string, Size>;

export type SizeName = keyof typeof SIZES;

/** The `state` column in HephaestusEcto's shape, for candidates that store JSON. */
export type State = Readonly<Record<string, unknown>>;

/** One state to store. Each of its two forms is created when it is read. */
export class Entry {
  readonly id: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
  readonly #instance: Instance;
  readonly #state: State;
  readonly #change: Readonly<Record<string, unknown>>;

  constructor(instance: Instance, state: State, sequence: number) {
    this.id = instance.id;
    this.workflow = instance.workflow;
    this.workflowVersion = instance.workflowVersion;
    this.status = instance.status;
    this.#instance = instance;
    this.#state = state;
    this.#change = { trace: `trace-${sequence}`, attempt: sequence };
  }

  /** For candidates that store instances. */
  get instance(): Instance {
    return { ...this.#instance, runtimeMetadata: this.#change };
  }

  /** For candidates that store JSON. */
  get state(): State {
    return { ...this.#state, runtime_metadata: this.#change };
  }
}

/** All instances of one size. Every entry differs from the one before. */
export interface Workload {
  readonly size: Size;
  /** Every id once. */
  all(): Entry[];
  /** A random id, with a state that it never had. */
  next(): Entry;
  nextId(): string;
}

/** The same instances for every candidate. */
export function createWorkload(size: Size): Workload {
  const random = randomSource(size.bytes);
  const instances = Array.from({ length: size.ids }, (_, index) => createSample(size, index, random));
  const states = instances.map(toState);
  let sequence = 0;
  const entryOf = (index: number): Entry => {
    const [instance, state] = [instances[index], states[index]];
    if (instance === undefined || state === undefined) throw new RangeError(`no instance ${index}`);
    return new Entry(instance, state, ++sequence);
  };
  const any = (): number => Math.floor(random() * size.ids);
  return {
    size,
    all: () => instances.map((_, index) => entryOf(index)),
    next: () => entryOf(any()),
    nextId: () => instances[any()]?.id ?? "",
  };
}

/** An instance in the middle of its life, with about as many bytes of JSON as its size says. */
export function createSample(size: Size, index: number, random: () => number): Instance {
  const listed = size.listed > 0 && index % (size.ids / size.listed) === 0;
  const text = (length: number): string =>
    Array.from({ length: length / 4 }, () => random().toString(36).slice(2, 6).padEnd(4, "x")).join("");
  const number = (limit: number): number => (size.longDoubles ? random() * limit : Math.round(random() * limit * 100) / 100);
  const items: unknown[] = [];
  const instance: Instance = {
    ...createInstance({ id: `order::${size.bytes}::${index}`, workflow: "Order.V2", workflowVersion: 2 }),
    status: listed ? LISTED : (OTHERS[index % OTHERS.length] ?? "pending"),
    currentStep: "payment",
    context: {
      initial: { customer: { id: text(12), email: `${text(8)}@example.com`, country: "DE" }, currency: "EUR", items },
      steps: { validate: { valid: true, score: number(1) }, reserve: { reservation: text(16), warehouse: text(4) } },
    },
    stepConfigs: { payment: { retries: 3, timeout_ms: 30_000, backoff: [1, 2, 4, 8] } },
    activeSteps: new Set(["notify", "payment"]),
    completedSteps: new Set(["reserve", "validate"]),
    executionHistory: ["validate", "reserve", "payment"].map((stepRef, step) => ({
      stepRef,
      event: "done",
      timestamp: `2026-04-12T10:11:1${step}.345678Z`,
      contextUpdates: step === 2 ? null : { result: text(8) },
    })),
    runtimeMetadata: { trace: "trace-0", attempt: 0 },
  };
  let missing = size.bytes - JSON.stringify(toState(instance)).length;
  while (missing > 0) {
    const item = {
      sku: text(8),
      quantity: items.length % 7,
      price: { net: number(100), vat: 19 },
      note: text(40),
      gift: index % 2 === 0,
    };
    missing -= JSON.stringify(item).length + 1;
    items.push(item);
  }
  return instance;
}

/** The stored form of an instance, for candidates that store JSON. */
export function toState({
  currentStep,
  context,
  stepConfigs,
  activeSteps,
  completedSteps,
  executionHistory,
  runtimeMetadata,
}: Instance): State {
  return {
    current_step: currentStep,
    context,
    step_configs: stepConfigs,
    active_steps: [...activeSteps],
    completed_steps: [...completedSteps],
    execution_history: executionHistory.map(({ stepRef, event, timestamp, contextUpdates }) => ({
      step_ref: stepRef,
      event,
      timestamp,
      context_updates: contextUpdates,
    })),
    runtime_metadata: runtimeMetadata,
  };
}
