import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.js";

export default defineConfig({
  test: {
    include: ["{examples,test}/**/*.test.ts"],
    exclude: ["test/consumers/projects/**"],
    globalSetup: "test/server.ts",
    reporters: ["default", "./test/summary.ts"],
    maxWorkers: 2, // much of the time goes to servers and programs that the tests start
    isolate: false, // a process for each file costs as much as most files: tests leave nothing behind in theirs
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    typecheck: { include: ["test/**/*.test-d.ts"] },
  },
});
