import { assign, fromPromise, setup } from "xstate";

/** A side effect of a state. Order and step together are its idempotency key. */
export interface Task {
  readonly order: string;
  readonly step: "charge" | "pack" | "ship";
}

/** Performs a task, and returns the receipt. */
export type Perform = (task: Task) => Promise<string>;

/**
 * The state machine of an order. Each state invokes a promise, which XState starts again when the machine is restored in
 * that state.
 */
export function createOrderMachine(perform: Perform) {
  return setup({
    types: { context: {} as { readonly order: string; readonly receipts: readonly string[] }, input: {} as { readonly order: string } },
    // Under a name: XState can't persist an inline actor.
    actors: { perform: fromPromise<string, Task>(({ input }) => perform(input)) },
  }).createMachine({
    id: "order",
    context: ({ input }) => ({ order: input.order, receipts: [] }),
    initial: "charging",
    states: {
      charging: {
        invoke: {
          src: "perform",
          input: ({ context }) => ({ order: context.order, step: "charge" }),
          onDone: { target: "packing", actions: assign(({ context, event }) => ({ receipts: [...context.receipts, event.output] })) },
        },
      },
      packing: {
        invoke: {
          src: "perform",
          input: ({ context }) => ({ order: context.order, step: "pack" }),
          onDone: { target: "shipping", actions: assign(({ context, event }) => ({ receipts: [...context.receipts, event.output] })) },
        },
      },
      shipping: {
        invoke: {
          src: "perform",
          input: ({ context }) => ({ order: context.order, step: "ship" }),
          onDone: { target: "shipped", actions: assign(({ context, event }) => ({ receipts: [...context.receipts, event.output] })) },
        },
      },
      shipped: { type: "final" },
    },
  });
}
