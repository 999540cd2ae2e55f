import { isObject } from "./native-types.js";

/** Whether a value is an AbortSignal: of any realm, or a polyfill. */
export function isSignal(value: unknown): value is AbortSignal {
  return isObject(value) && typeof value.aborted === "boolean" && typeof value.addEventListener === "function";
}

/** @throws {unknown} the signal's reason, if it is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal);
}

/** Why a signal is aborted: anything, though most often an error. A polyfill may not say. */
export function reasonOf(signal: AbortSignal): Error {
  return (signal.reason as Error | null | undefined) ?? new Error("the call was aborted by its signal");
}

/** Aborts once all signals are aborted, for the reason of the last, until it is stopped. */
export interface AllAborted {
  readonly signal: AbortSignal;
  stop(): void;
}

/** A signal that is aborted once all of these are; `undefined` if there is a call without one. */
export function allAborted(signals: readonly (AbortSignal | undefined)[]): AllAborted | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  if (given.length < signals.length) return undefined;
  const controller = new AbortController();
  let left = given.length;
  const stops = given.map((signal) => {
    const abort = (): void => {
      if (--left === 0) controller.abort(reasonOf(signal));
    };
    if (!signal.aborted) return onAbort(signal, abort);
    return abort();
  });
  return { signal: controller.signal, stop: () => stops.forEach((stop) => stop?.()) };
}

const waiters = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls a function when a signal is aborted, unless that was ended before. One listener for each signal: Node warns of more
 * than ten as a leak, and the signal of a worker's shutdown is given to every call.
 *
 * @returns what ends it.
 */
export function onAbort(signal: AbortSignal, abort: () => void): () => void {
  const waiting = waiters.get(signal) ?? listen(signal);
  waiting.add(abort);
  return () => void waiting.delete(abort);
}

function listen(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  waiters.set(signal, waiting);
  const abortAll = (): void => {
    for (const abort of waiting) abort();
  };
  signal.addEventListener("abort", abortAll, { once: true });
  return waiting;
}
