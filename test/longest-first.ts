import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

// Those that took more than fifteen seconds, the longest first. What isn't named follows in vitest's own order.
const LONGEST = [
  ...["consumers/consumers", "consumers/toolchains", "contract/prisma-storage", "migrate/cli-deploy", "consumers/prisma-8", "cli/init"],
  ...["storage/properties", "contract/broken-storages", "docs/new-project", "faults/lost-answers", "storage/update", "storage/query"],
];

/**
 * Starts the longest files first, so that no worker is left with one of them when the others have ended. Vitest itself
 * knows how long a file takes only from an earlier run, and starts large files first in a fresh checkout.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
