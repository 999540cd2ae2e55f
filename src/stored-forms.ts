import type { Instance } from "./instance.js";

/** What the row held when an instance was read: a compare-and-swap compares all of it. */
export interface StoredForm {
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly status: string;
  /** The state as JSON text. */
  state(): string;
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
