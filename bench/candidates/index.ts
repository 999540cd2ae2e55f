import type { Candidate } from "../candidate.js";
import { barePrisma } from "./bare-prisma.js";
import { dbos } from "./dbos.js";
import { hephaestus, hephaestusSql, hephaestusSqlCoalesced } from "./hephaestus.js";
import { hephaestusPg, hephaestusPgCoalesced } from "./hephaestus-pg.js";
import { langgraph } from "./langgraph.js";
import { mastra } from "./mastra.js";
import { openworkflow } from "./openworkflow.js";
import { pgBoss } from "./pg-boss.js";
import { raw, rawAgain, rawPipelined } from "./raw.js";
import { vercel } from "./vercel.js";

/** All candidates, in the order of a round and of the tables. */
export const CANDIDATES: readonly Candidate[] = [
  raw,
  rawAgain,
  rawPipelined,
  barePrisma,
  hephaestus,
  hephaestusSql,
  hephaestusSqlCoalesced,
  hephaestusPg,
  hephaestusPgCoalesced,
  langgraph,
  mastra,
  dbos,
  vercel,
  openworkflow,
  pgBoss,
];

/** The candidate that all ratios relate to. */
export const REFERENCE = raw.name;
/** The reference once more. */
export const CONTROL = rawAgain.name;
