import type { webcrypto } from "node:crypto";
import { deserialize, serialize } from "node:v8"; // Dates, Maps, BigInts … come back as they went in
import type { Instance, JsonLikeObject, Transform } from "hephaestus-prisma";

/** AES-GCM keys by their ids. `current` encrypts; the others only decrypt what was encrypted with them. */
export interface Keys {
  readonly current: string;
  readonly byId: Readonly<Record<string, webcrypto.CryptoKey>>;
}

type Change = (value: JsonLikeObject, place: string) => Promise<JsonLikeObject>;

/** Encrypts the context and the updates in the history. With `acceptPlain`, values that are not encrypted yet can be read. */
export function encryption(keys: Keys, { acceptPlain = false } = {}): Transform {
  const keyOf = (id: string): webcrypto.CryptoKey => {
    const key = Object.hasOwn(keys.byId, id) ? keys.byId[id] : undefined;
    if (key === undefined) throw new Error(`there is no key ${id}`);
    return key;
  };

  const seal: Change = async (value, place) => {
    const key = keys.current;
    const iv = crypto.getRandomValues(new Uint8Array(12)); // never the same twice under one key
    const algorithm = { name: "AES-GCM", iv, additionalData: Buffer.from(place) };
    const sealed = await crypto.subtle.encrypt(algorithm, keyOf(key), serialize(value));
    return { key, iv: Buffer.from(iv).toString("base64"), sealed: Buffer.from(sealed).toString("base64") };
  };

  const open: Change = async (value, place) => {
    const { key, iv, sealed } = value;
    if (typeof key !== "string" || typeof iv !== "string" || typeof sealed !== "string") {
      if (acceptPlain) return value;
      throw new Error(`${place} is not encrypted`);
    }
    const algorithm = { name: "AES-GCM", iv: Buffer.from(iv, "base64"), additionalData: Buffer.from(place) };
    const opened = await crypto.subtle.decrypt(algorithm, keyOf(key), Buffer.from(sealed, "base64"));
    return deserialize(Buffer.from(opened)) as JsonLikeObject; // only what this key has sealed gets here
  };

  const each = async (instance: Instance, change: Change): Promise<Instance> => {
    // A value is bound to its instance and to its place in it: anywhere else, it can't be decrypted.
    const at = (value: JsonLikeObject, ...place: (string | number)[]) => change(value, JSON.stringify([instance.id, ...place]));
    const { context, executionHistory } = instance;
    return {
      ...instance,
      context: { ...context, initial: await at(context.initial, "initial"), steps: await at(context.steps, "steps") },
      executionHistory: await Promise.all(
        executionHistory.map(async (entry, n) => {
          const { contextUpdates } = entry;
          return contextUpdates === null ? entry : { ...entry, contextUpdates: await at(contextUpdates, "updates", n) };
        }),
      ),
    };
  };

  return { write: (instance) => each(instance, seal), read: (stored) => each(stored, open) };
}
