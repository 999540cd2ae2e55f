#!/usr/bin/env node
import { runProgram } from "./program.js";

// The reader has closed the pipe, as in `… | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await runProgram(process.argv.slice(2));
