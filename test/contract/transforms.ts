import type { JsonLikeObject, Transform } from "hephaestus-prisma";

/** A transform that changes nothing, and takes its time. */
export const copying: Transform = { read: (stored) => Promise.resolve({ ...stored }) };

/** What a storage with a `read` does otherwise. */
export const WITH_READ = { "conflicts if the expected was changed in place": "what was stored of it is compared" };

let nonce = 0;

/** A transform whose stored form is never the same twice. */
export const sealedConfigs: Transform = {
  write: (instance) => Promise.resolve({ ...instance, stepConfigs: { sealed: instance.stepConfigs, nonce: ++nonce } }),
  read: (stored) => Promise.resolve({ ...stored, stepConfigs: stored.stepConfigs.sealed as JsonLikeObject }),
};

const noCopy = "what is stored can't be told from a copy";

/** What a storage with a `write` does otherwise. */
export const WITH_WRITE = {
  ...WITH_READ,
  "takes a spread copy as expected": noCopy,
  "takes a deep spread copy as expected": noCopy,
  "takes a structuredClone as expected": noCopy,
  "takes what was put as expected, though it was never read": noCopy,
};
