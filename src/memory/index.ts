/**
 * A storage in memory, for tests.
 *
 * @module hephaestus-prisma/memory
 */
export { createMemoryStorage, type MemoryStorageOf, type MemoryStorageOptions } from "./memory-storage.js";
