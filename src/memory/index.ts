export { createMemoryStorage, type MemoryStorageOf, type MemoryStorageOptions } from "./memory-storage.js";
