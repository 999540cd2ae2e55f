import { entryPoint } from "../errors.js";
import type { InstanceStorage } from "./storage.js";

/** The same storage, whose errors of misuse begin their stacks at the line that has called it. Around all others. */
export function publicStorage(storage: InstanceStorage): InstanceStorage {
  return {
    get: entryPoint((...call) => storage.get(...call)),
    put: entryPoint((...call) => storage.put(...call)),
    insert: entryPoint((...call) => storage.insert(...call)),
    update: entryPoint((...call) => storage.update(...call)),
    putMany: entryPoint((...call) => storage.putMany(...call)),
    delete: entryPoint((...call) => storage.delete(...call)),
    query: entryPoint((...call) => storage.query(...call)),
    stream: entryPoint((...call) => storage.stream(...call)),
    list: entryPoint((...call) => storage.list(...call)),
    count: entryPoint((...call) => storage.count(...call)),
    countBy: entryPoint((...call) => storage.countBy(...call)),
    prune: entryPoint((...call) => storage.prune(...call)),
  };
}
