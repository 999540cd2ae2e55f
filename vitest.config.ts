import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{examples,test}/**/*.test.ts"],
    globalSetup: "test/server.ts",
    reporters: ["default", "./test/summary.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
  },
});
