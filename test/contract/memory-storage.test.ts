import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";
import { fittingSchemas } from "./fitting-schemas.js";
import { sealedConfigs, WITH_WRITE } from "./transforms.js";

const lacks = { rowLocks: "it has no transactions" };

// Without `storeRow`: nobody else can write into memory.
describeStorage(
  { describe, it },
  {
    name: "the memory storage",
    lacks,
    create: () => createMemoryStorage(),
    withTransform: (_, transform) => createMemoryStorage({ transform }),
  },
);
describeStorage(
  { describe, it },
  {
    name: 'the memory storage with bigIntegers: "bigint" and schemas',
    lacks,
    create: () => createMemoryStorage({ bigIntegers: "bigint", schemas: fittingSchemas }),
  },
);

const leftOut = Object.entries(WITH_WRITE).map(([one, why]) => ` (without "${one}": ${why})`);
describeStorage(
  { describe, it: (name, run) => (Object.hasOwn(WITH_WRITE, name) ? undefined : it(name, run)) },
  {
    name: `the memory storage with a transform and schemas${leftOut.join("")}`,
    create: () => createMemoryStorage({ transform: sealedConfigs, schemas: fittingSchemas }),
  },
);
