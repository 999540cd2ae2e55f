import { node } from "./node.js";

type Timers = Pick<typeof globalThis, "clearTimeout" | "setTimeout"> & { readonly setImmediate?: (run: () => void) => unknown };

const timers: Timers = node.getBuiltinModule?.("node:timers") ?? globalThis;

// Node's own timers, whatever fake timers a test installs. Elsewhere the global ones; browsers lack `setImmediate`.
export const clearTimeout: Timers["clearTimeout"] = timers.clearTimeout;
export const setTimeout: Timers["setTimeout"] = timers.setTimeout;
export const setImmediate: (run: () => void) => unknown = timers.setImmediate ?? ((run) => setTimeout(run, 0));
