import type { Instance } from "../instance/instance.js";
import { checkOptions, QUERY_OPTIONS } from "./check-options.js";
import type { OnUnreadable, UnreadableError } from "./options.js";
import type { InstanceStorage } from "./storage.js";

type Read = (instance: Instance) => Promise<Instance>;
type Unreadable = new (...args: never) => UnreadableError;

/** The listings of a storage, with each instance read on. If that throws this error, the row is treated as `onUnreadable` says. */
export function mappedListings(storage: InstanceStorage, read: Read, unreadable: Unreadable): Pick<InstanceStorage, "query" | "stream"> {
  async function* readable(instances: Iterable<Instance> | AsyncIterable<Instance>, onUnreadable: OnUnreadable = "throw") {
    for await (const instance of instances) {
      let item: Instance;
      try {
        item = await read(instance);
      } catch (error) {
        if (onUnreadable === "throw" || !(error instanceof unreadable)) throw error;
        if (onUnreadable !== "skip") onUnreadable(error);
        continue;
      }
      yield item;
    }
  }

  return {
    async query(filters, options = {}) {
      const checked = checkOptions(options, QUERY_OPTIONS);
      const { limit, forUpdate = false, ...rest } = checked;
      const found: Instance[] = [];
      // A page is the first readable instances of a stream, so that it is full as long as there are more of them. A locked one is as it is.
      const isWhole = limit === undefined || forUpdate !== false;
      const instances = isWhole ? await storage.query(filters, checked) : storage.stream(filters, { ...rest, batchSize: limit });
      for await (const instance of readable(instances, rest.onUnreadable)) if (found.push(instance) === limit) break;
      return found;
    },

    stream: (filters, options) => readable(storage.stream(filters, options), options?.onUnreadable),
  };
}
