import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describeStorage } from "hephaestus-prisma/testing";
import { describe, it } from "vitest";
import { withLog } from "./storage-with-log.js";

describeStorage({ describe, it }, { name: "the storage that logs", create: () => withLog(createMemoryStorage(), () => {}) });
