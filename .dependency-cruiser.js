// One direction, types included: a folder of src imports only the folders that its line names.
const GROUND = ["errors", "messages", "runtime"];
const DIRECTION = {
  runtime: [],
  messages: ["runtime"],
  errors: ["messages", "runtime"],
  instance: GROUND,
  values: [...GROUND, "instance"],
  state: [...GROUND, "instance", "values"],
  storage: [...GROUND, "instance", "values", "state"],
  sql: [...GROUND, "instance", "values", "state", "storage"],
  pg: [...GROUND, "instance", "values", "state", "storage", "sql"],
  "prisma-8": [...GROUND, "storage", "sql"],
  prisma: [...GROUND, "instance", "values", "state", "storage", "sql"],
  memory: [...GROUND, "instance", "values", "state", "storage"],
  testing: [...GROUND, "instance", "storage"],
  migrate: ["errors"],
  cli: [...GROUND, "instance", "values", "state", "storage", "sql", "prisma", "pg", "migrate"],
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
