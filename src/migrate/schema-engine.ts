#!/usr/bin/env node
import { runSchemaEngine } from "./program/schema-engine-program.js";

await runSchemaEngine(process.argv.slice(2));
