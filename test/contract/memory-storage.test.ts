import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";
import { fittingSchemas } from "./fitting-schemas.js";

// Without `storeRow`: nobody else can write into memory.
describeStorage({ describe, it }, { name: "the memory storage", create: () => createMemoryStorage() });
describeStorage(
  { describe, it },
  {
    name: 'the memory storage with bigIntegers: "bigint" and schemas',
    create: () => createMemoryStorage({ bigIntegers: "bigint", schemas: fittingSchemas }),
  },
);
