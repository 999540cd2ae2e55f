import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{examples,test}/**/*.test.ts"],
    exclude: ["test/consumers/projects/**"],
    globalSetup: "test/server.ts",
    setupFiles: "test/leaks.ts",
    reporters: ["default", "./test/summary.ts"],
    maxWorkers: 3, // on two cores: a file often waits for servers and programs that it starts
    isolate: false, // a process for each file costs as much as most files; leaks.ts sees what one leaves behind
    testTimeout: 180_000,
    hookTimeout: 180_000,
    typecheck: { checker: "node_modules/typescript-7/bin/tsc", include: ["test/**/*.test-d.ts"] },
  },
});
