import { type ContractSubject, storageContract } from "./storage-contract.js";

/** The two functions that vitest, `node:test`, Jest, Mocha and others have in common. */
export interface TestFramework {
  /** Defines a group of tests. */
  readonly describe: (name: string, define: () => void) => unknown;
  /** Defines a test. */
  readonly it: (name: string, run: () => Promise<void>) => unknown;
}

/**
 * Holds a storage against the contract, as tests of a framework.
 *
 * @example
 * ```ts
 * import { describe, it } from "vitest"; // or from "node:test"
 *
 * describeStorage({ describe, it }, { name: "my storage", create: () => new MyStorage() });
 * ```
 */
export function describeStorage({ describe, it }: TestFramework, subject: ContractSubject): void {
  const cases = storageContract(subject);
  describe(subject.name, () => {
    for (const group of new Set(cases.map((one) => one.group)))
      describe(group, () => {
        for (const { name, run } of cases.filter((one) => one.group === group)) it(name, run);
      });
  });
}
