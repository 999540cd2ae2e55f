import type { Competitor } from "../competitor.js";
import { prismaNaive, prismaWell, prismaWellNamed } from "./bare-prisma.js";
import { dbos } from "./dbos.js";
import { hephaestus, hephaestusCoalesced, hephaestusNamed, hephaestusNamedCoalesced } from "./hephaestus.js";
import { langgraph } from "./langgraph.js";
import { mastra } from "./mastra.js";
import { rawNamed, rawNamedAgain, rawUnnamed } from "./raw.js";
import { vercel } from "./vercel.js";

/** Everyone, in the order of a round. The first is the reference. */
export const COMPETITORS: readonly Competitor[] = [
  rawNamed,
  rawNamedAgain,
  rawUnnamed,
  prismaNaive,
  prismaWell,
  prismaWellNamed,
  hephaestus,
  hephaestusNamed,
  hephaestusCoalesced,
  hephaestusNamedCoalesced,
  langgraph,
  mastra,
  dbos,
  vercel,
];
