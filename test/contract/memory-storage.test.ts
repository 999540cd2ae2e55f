import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";

describeStorage({ describe, it }, { name: "the memory storage", create: () => createMemoryStorage() });
describeStorage(
  { describe, it },
  { name: 'the memory storage with bigIntegers: "bigint"', create: () => createMemoryStorage({ bigIntegers: "bigint" }) },
);
