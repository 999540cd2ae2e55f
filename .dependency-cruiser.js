// One direction, types included: a folder of src imports only the folders that its line names.
const DIRECTION = {
  errors: [],
  instance: ["errors"],
  serialization: ["errors", "instance"],
  storage: ["errors", "instance", "serialization"],
  postgres: ["errors", "instance", "serialization", "storage"],
  pg: ["errors", "instance", "serialization", "storage", "postgres"],
  prisma: ["errors", "instance", "serialization", "storage", "postgres"],
  memory: ["errors", "instance", "serialization", "storage"],
  testing: ["errors", "instance", "storage"],
  migrate: ["errors"],
  cli: ["errors", "instance", "serialization", "storage", "postgres", "prisma", "pg", "migrate"],
};
const FOLDERS = Object.keys(DIRECTION).join("|");

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circle", severity: "error", from: { path: "^src/" }, to: { circular: true } },
    ...Object.entries(DIRECTION).map(([folder, below]) => ({
      name: `direction-of-${folder}`,
      severity: "error",
      from: { path: `^src/${folder}(/|\\.ts$)` },
      to: { path: "^src/", pathNot: `^src/(${[folder, ...below].join("|")})(/|\\.ts$)` },
    })),
    {
      name: "no-folder-without-direction",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/((${FOLDERS})/|(errors|index)\\.ts$)` },
      to: {},
    },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: "tsconfig.json" }, doNotFollow: { path: "node_modules" } },
};
