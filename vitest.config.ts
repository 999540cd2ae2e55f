import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{examples,test}/**/*.test.ts"],
    exclude: ["test/consumers/projects/**"],
    globalSetup: "test/server.ts",
    setupFiles: "test/leaks.ts",
    reporters: ["default", "./test/summary.ts"],
    maxWorkers: 2, // much of the time goes to servers and programs that the tests start
    isolate: false, // a process for each file costs as much as most files; leaks.ts sees what one leaves behind
    testTimeout: 180_000,
    hookTimeout: 180_000,
    typecheck: { checker: "node_modules/typescript-7/bin/tsc", include: ["test/**/*.test-d.ts"] },
  },
});
