import type { Candidate } from "../candidate.js";
import { barePrisma, barePrismaNamed, barePrismaWholeRows } from "./bare-prisma.js";
import { dbos } from "./dbos.js";
import { hephaestus, hephaestusNamed, hephaestusSql, hephaestusSqlCoalesced, hephaestusSqlNamed } from "./hephaestus.js";
import { hephaestusPg, hephaestusPgCoalesced } from "./hephaestus-pg.js";
import { langgraph } from "./langgraph.js";
import { mastra } from "./mastra.js";
import { openworkflow } from "./openworkflow.js";
import { pgBoss } from "./pg-boss.js";
import { raw, rawAgain, rawUnnamed } from "./raw.js";
import { vercel } from "./vercel.js";

/** All candidates, in the order of a round and of the tables. */
export const CANDIDATES: readonly Candidate[] = [
  raw,
  rawAgain,
  rawUnnamed,
  barePrismaWholeRows,
  barePrisma,
  barePrismaNamed,
  hephaestus,
  hephaestusNamed,
  hephaestusSql,
  hephaestusSqlNamed,
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
