import { getStorage, StorageNotStartedError } from "hephaestus-prisma";

/** The names of the storages that are started in this process. */
export function startedStorages(): readonly string[] {
  try {
    getStorage("a name that no test gives");
  } catch (error) {
    if (error instanceof StorageNotStartedError) return error.started;
    throw error;
  }
  throw new Error("a storage is started under that name");
}
