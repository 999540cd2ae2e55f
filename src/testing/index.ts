/**
 * The contract of every storage, as cases for any test framework.
 *
 * @module hephaestus-prisma/testing
 */
export { anInstance } from "./an-instance.js";
export { withPatchedPrototypes } from "./cases/patched-prototypes.js";
export { describeStorage, type TestFramework } from "./describe-storage.js";
export type { Capabilities } from "./cases/cases.js";
export type { WithTransform } from "./cases/transform-cases.js";
export type { Transact } from "./cases/for-update-cases.js";
export type { Lacks } from "./cases/lack-cases.js";
export { type ContractCase, type ContractSubject, storageContract } from "./storage-contract.js";
export type { StoredRow, StoreRow } from "./stored-row.js";
