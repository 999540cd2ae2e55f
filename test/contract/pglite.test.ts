import { createSqlStorage } from "hephaestus-prisma";
import { pgliteClient } from "../../examples/drivers/pglite.js";
import { preparePgliteDatabase } from "../database.js";
import { contractOn } from "./contract-on.js";

contractOn({
  name: "SQL through PGlite",
  prepare: preparePgliteDatabase,
  create: ({ pglite }) => createSqlStorage(pgliteClient(pglite)),
});
