import { StorageError } from "../errors.js";
import { allAborted, onAbort, reasonOf, throwIfAborted } from "../runtime/signals.js";
import { setImmediate } from "../runtime/timers.js";
import type { Retrying } from "./retrying-rows.js";
import { AbandonedError, untilAborted, withTimeout } from "./timeout.js";

/** How calls are sent together. */
export interface Grouping<Item, Result> extends Pick<Retrying, "faultOf" | "timeoutMs"> {
  /** Executes a group as one statement, all or none, and returns the result of each item. The signal ends it once no call waits. */
  readonly send: (items: readonly Item[], signal: AbortSignal | undefined) => Promise<readonly Result[]>;
  /** How large an item is; groups are of limited size. */
  readonly sizeOf: (item: Item) => number;
  /** Items of one key are never in flight together, so that they keep their order; `null` for those that have none. */
  readonly keyOf: (item: Item) => string | null;
  /** The error of one item whose group failed, or whose call was ended while it was in flight: an {@link AbandonedError}. */
  readonly errorOf: (item: Item, error: unknown) => unknown;
}

interface Job<Item, Result> {
  readonly item: Item;
  readonly key: string | null;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

// While one group is executed, another is on its way and the next one gathers: client, network and server work at once.
const MAX_IN_FLIGHT = 3;
const MAX_ITEMS = 200;
/** What one statement carries well: PostgreSQL takes a parameter of 1 GB, but client and server hold it several times. */
export const MAX_SIZE: number = 8 * 1024 * 1024;

/**
 * Sends calls together. One goes out at once if none is in flight. Those that arrive meanwhile go out together, in groups of
 * equal size. If a group fails, its items go singly, and each call settles with the result of its own.
 */
export function grouped<Item, Result>({
  send,
  sizeOf,
  keyOf,
  errorOf,
  faultOf,
  timeoutMs,
}: Grouping<Item, Result>): (item: Item, until?: AbortSignal) => Promise<Result> {
  let waiting: Job<Item, Result>[] = [];
  let groups = 0;
  let items = 0;
  let isGathering = false;
  const busy = new Set<string | null>(); // the keys that are in flight

  /** Waits for the calls of this turn of the event loop. */
  const gather = (): void => {
    if (isGathering) return;
    isGathering = true;
    setImmediate(() => {
      isGathering = false;
      pump();
    });
  };

  const pump = (): void => {
    while (groups < MAX_IN_FLIGHT && waiting.length > 0) {
      const group = take();
      if (group.length === 0) return; // each waits for an earlier one of its key
      void execute(group);
    }
  };

  /** Takes an equal share for each group: else a large one and a small one would take turns for ever. */
  const take = (): Job<Item, Result>[] => {
    const share = Math.min(MAX_ITEMS, Math.ceil((waiting.length + items) / MAX_IN_FLIGHT));
    const group: Job<Item, Result>[] = [];
    const rest: Job<Item, Result>[] = [];
    let size = 0;
    for (const job of waiting) {
      size += sizeOf(job.item);
      const isFree = group.length < share && (size <= MAX_SIZE || group.length === 0) && !busy.has(job.key);
      (isFree ? group : rest).push(job);
      if (isFree && job.key !== null) busy.add(job.key);
    }
    waiting = rest;
    return group;
  };

  const execute = async (group: readonly Job<Item, Result>[]): Promise<void> => {
    groups++;
    items += group.length;
    try {
      await settle(group);
    } finally {
      groups--;
      items -= group.length;
      for (const { key } of group) busy.delete(key);
      if (waiting.length > 0) gather(); // callers often call again at once
    }
  };

  const settle = async (group: readonly Job<Item, Result>[]): Promise<void> => {
    const unwanted = allAborted(group.map(({ signal }) => signal));
    try {
      const results = await send(group.map(({ item }) => item), unwanted?.signal); // prettier-ignore
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      // An error that is named, or a fault that has been retried already, is that of every item.
      if (group.length === 1 || error instanceof StorageError || faultOf(error) !== null)
        for (const { item, reject } of group) reject(errorOf(item, error));
      else await Promise.all(group.map((job) => settle([job])));
    } finally {
      unwanted?.stop();
    }
  };

  const join = async (item: Item, signal: AbortSignal | undefined): Promise<Result> => {
    throwIfAborted(signal);
    let withdraw: (() => void) | undefined;
    const result = new Promise<Result>((resolve, reject) => {
      const job: Job<Item, Result> = { item, key: keyOf(item), signal, resolve, reject };
      waiting.push(job);
      withdraw =
        signal &&
        onAbort(signal, () => {
          if (!waiting.includes(job)) return; // it is in flight
          waiting = waiting.filter((one) => one !== job);
          reject(reasonOf(signal));
        });
    });
    if (groups === 0) pump();
    else gather();
    try {
      return await untilAborted(result, signal);
    } catch (error) {
      throw error instanceof AbandonedError ? errorOf(item, error) : error;
    } finally {
      withdraw?.();
    }
  };
  return (item, until) => withTimeout(timeoutMs, until, (signal) => join(item, signal));
}
