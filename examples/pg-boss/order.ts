import type { Instance, JsonLikeObject } from "hephaestus-prisma";

/** What a step has done, and what comes next: another step, an event from outside, or the end. */
export interface StepResult {
  readonly event: string;
  readonly result: JsonLikeObject;
  readonly next: string | null;
  /** Seconds to wait for an event, before `next` runs without it. */
  readonly waitSeconds?: number;
}

/** Calls another system under an idempotency key. It can be called more than once with the same key. */
export type CallService = (action: string, key: string) => Promise<string>;

const PAYMENT_SECONDS = 3600;

/** The steps of an order. Each can run more than once, so it calls other systems under a key that stays the same. */
export const STEPS: Readonly<Record<string, (order: Instance, call: CallService, key: string) => Promise<StepResult>>> = {
  async reserve(_order, call, key) {
    const reservation = await call("reserve", key);
    // A timer: if no payment arrives until then, the order is cancelled.
    return { event: "reserved", result: { reservation }, next: "cancel", waitSeconds: PAYMENT_SECONDS };
  },

  async ship(_order, call, key) {
    return { event: "shipped", result: { parcel: await call("ship", key) }, next: null };
  },

  async cancel(_order, call, key) {
    return { event: "cancelled", result: { refund: await call("cancel", key) }, next: null };
  },
};
