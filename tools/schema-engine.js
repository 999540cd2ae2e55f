#!/usr/bin/env node
// The package's schema engine from its sources, so that `npx prisma …` works in a checkout that was not built.
import { register } from "tsx/esm/api";

register();
await import("../src/migrate/schema-engine.js");
