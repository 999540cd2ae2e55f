import type { ContractSubject } from "hephaestus-prisma/testing";

/** What Prisma's verbs can't do, and why. */
export const VERBS_LACK = {
  containment: "Prisma has no verb for it",
  exactNumbers: "Prisma parses the JSON",
  anyKeys: "Prisma copies the JSON",
  rowLocks: "Prisma has no verb for it",
} satisfies ContractSubject["lacks"];
