import type { Storage } from "hephaestus-prisma";

/** A storage that tells which instances are put. */
export function withLog(storage: Storage, log: (line: string) => void): Storage {
  return {
    ...storage,
    async put(instance, options) {
      await storage.put(instance, options);
      log(`${instance.id} is ${instance.status}`);
    },
  };
}
