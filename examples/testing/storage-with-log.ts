import type { Storage } from "hephaestus-prisma";

/** Wraps a storage so that it logs each put. */
export function withLog(storage: Storage, log: (line: string) => void): Storage {
  return {
    ...storage,
    async put(instance, options) {
      await storage.put(instance, options);
      log(`${instance.id} is ${instance.status}`);
    },
  };
}
