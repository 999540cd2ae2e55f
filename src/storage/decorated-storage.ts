import type { Codec } from "../values/codec.js";
import { copyOf } from "../state/mapping.js";
import { checkedStorage } from "./checked-storage.js";
import { observedStorage } from "./observed-storage.js";
import { createObserver, type ObserverOptions } from "./observability/observer.js";
import type { SchemaOptions } from "./schemas/schemas.js";
import type { Storage } from "./storage.js";

/** Adds to a storage what the options ask for. */
export type Decorate = (storage: Storage) => Storage;

/** Adds schemas and observers: the observers outside, so that they see a mismatch too. */
export function createDecorate({ schemas, ...observers }: SchemaOptions & ObserverOptions, codec: Codec): Decorate {
  const observer = createObserver(observers);
  return (storage) => {
    const checked = schemas === undefined ? storage : checkedStorage(storage, schemas, (instance) => copyOf(instance, codec));
    return observer === null ? checked : observedStorage(checked, observer);
  };
}
