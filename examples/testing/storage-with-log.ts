import type { InstanceStorage } from "hephaestus-prisma";

/** Wraps a storage so that it logs each put. */
export function withLog(storage: InstanceStorage, log: (line: string) => void): InstanceStorage {
  return {
    ...storage,
    async put(instance, options) {
      await storage.put(instance, options);
      log(`${instance.id} is ${instance.status}`);
    },
  };
}
