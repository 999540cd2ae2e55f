import { createMemoryStorage } from "hephaestus-prisma/memory";
import { storageContract } from "hephaestus-prisma/testing";

const failed = [];
const cases = storageContract({ name: "memory", create: () => createMemoryStorage() });
for (const { group, name, run } of cases) await run().catch((error) => failed.push(`${group}: ${name}: ${error.message}`));
console.log(failed.length === 0 ? `Bun ${process.versions.bun} keeps all ${cases.length} cases` : failed.join("\n"));
