import type { Instance, JsonLikeObject } from "../../instance/instance.js";
import type { Transform } from "../../storage/transform.js";

type Change = (value: JsonLikeObject) => JsonLikeObject;

/** An instance with all that a transform may change in values changed. */
function withValues(instance: Instance, change: Change): Instance {
  return {
    ...instance,
    context: { initial: change(instance.context.initial), steps: change(instance.context.steps) },
    stepConfigs: change(instance.stepConfigs),
    executionHistory: instance.executionHistory.map((entry) =>
      entry.contextUpdates === null ? entry : { ...entry, contextUpdates: change(entry.contextUpdates) },
    ),
    runtimeMetadata: change(instance.runtimeMetadata),
  };
}

let nonce = 0;
const seal: Change = (value) => ({ sealed: value, nonce: ++nonce });
const open: Change = ({ sealed }) => {
  if (typeof sealed !== "object" || sealed === null) throw new Error(`not sealed: ${JSON.stringify(sealed)}`);
  return sealed as JsonLikeObject;
};

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A transform that takes its time, whose stored form is never the same twice; and what it was called with. */
export function sealing(): {
  readonly transform: Transform;
  readonly written: readonly Instance[];
  readonly seen: readonly Instance[];
} {
  const written: Instance[] = [];
  const seen: Instance[] = [];
  const transform: Transform = {
    async write(instance) {
      await turn();
      written.push(instance);
      return withValues(instance, seal);
    },
    async read(stored) {
      await turn();
      seen.push(stored);
      return withValues(stored, open);
    },
  };
  return { transform, written, seen };
}
