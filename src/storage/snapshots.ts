import type { Instance } from "../instance/instance.js";
import type { InstanceRow } from "../serialization/row.js";

/** What a row held when its instance was read or written: a compare-and-swap compares all of it. */
export interface StoredForm extends InstanceRow {
  /** The state as text, where it is known; else it is made of `state` when it is asked for. */
  readonly text?: string | null;
}

/** Remembers, for the instances that one storage has made, what their rows held. */
export interface StoredForms {
  remember(instance: Instance, form: StoredForm): void;
  of(instance: Instance): StoredForm | undefined;
}

/**
 * Remembers it in a private field of the instance itself, which nobody else sees and no copy carries. A WeakMap and a
 * property that is hidden by its descriptor both cost a listing 4% more.
 */
export function createStoredForms(): StoredForms {
  class Remembered extends Given {
    readonly #form: StoredForm;

    constructor(instance: Instance, form: StoredForm) {
      super(instance);
      this.#form = form;
    }

    static formOf(instance: object): StoredForm | undefined {
      return #form in instance ? instance.#form : undefined;
    }
  }
  return {
    remember: (instance, form) => void new Remembered(instance, form),
    of: (instance) => Remembered.formOf(instance),
  };
}

/** What is constructed is the instance that is given: a subclass adds its private fields to it. */
class Given {
  constructor(instance: Instance) {
    return instance;
  }
}
