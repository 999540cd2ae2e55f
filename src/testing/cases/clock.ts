import { setTimeout } from "node:timers/promises";

/** Waits until the clock shows another time: times are kept in milliseconds. */
export async function tick(): Promise<void> {
  for (const start = Date.now(); Date.now() - start < 2;) await setTimeout(1);
}
