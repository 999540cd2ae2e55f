import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";
import { fittingSchemas } from "./fitting-schemas.js";

const lacks = { rowLocks: "it has no transactions" };

// Without `storeRow`: nobody else can write into memory.
describeStorage({ describe, it }, { name: "the memory storage", lacks, create: () => createMemoryStorage() });
describeStorage(
  { describe, it },
  {
    name: 'the memory storage with bigIntegers: "bigint" and schemas',
    lacks,
    create: () => createMemoryStorage({ bigIntegers: "bigint", schemas: fittingSchemas }),
  },
);
