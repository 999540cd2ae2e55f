import type { InstanceRow } from "./client.js";
import type { Instance } from "./instance.js";

/** What a row held when its instance was read or written: a compare-and-swap compares all of it. */
export interface StoredForm extends InstanceRow {
  /** The state as text, where it is known; else it is made of `state` when it is asked for. */
  readonly text?: string | null;
}

/** Remembers, for the instances that a storage has handed out, what their rows held. Spread copies are not remembered. */
export class StoredForms {
  readonly #forms = new WeakMap<Instance, StoredForm>();

  remember(instance: Instance, form: StoredForm): void {
    this.#forms.set(instance, form);
  }

  of(instance: Instance): StoredForm | undefined {
    return this.#forms.get(instance);
  }
}
