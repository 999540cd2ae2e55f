import type { InstanceRow } from "./client.js";
import type { Instance } from "./instance.js";

/** What a row held when its instance was read or written: a compare-and-swap compares all of it. */
export interface StoredForm extends InstanceRow {
  /** The state as text, where it is known; else it is made of `state` when it is asked for. */
  readonly text?: string | null;
}

/**
 * Remembers, for the instances that a storage has made, what their rows held. It does so on the instance, under a key
 * of the storage's own that no spread copy carries: a WeakMap costs a listing more, in garbage collection too.
 */
export class StoredForms {
  readonly #key: symbol = Symbol("hephaestus-prisma.stored-form");

  remember(instance: Instance, form: StoredForm): void {
    Object.defineProperty(instance, this.#key, { value: form });
  }

  of(instance: Instance): StoredForm | undefined {
    return Object.getOwnPropertyDescriptor(instance, this.#key)?.value as StoredForm | undefined; // only we know the key
  }
}
