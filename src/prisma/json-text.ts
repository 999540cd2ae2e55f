// Each minor version with which it was seen to work: the tests run 6.19 and the version that is installed.
const VERSIONS = /^(6\.19|7\.(\d|10))\./;

/** The versions of Prisma Client that are known to take ready JSON text, for a reader. */
export const JSON_TEXT_VERSIONS = "6.19, or 7.0 to 7.10";

/** Whether a version of Prisma Client is known to take ready JSON text. */
export function takesJsonText(version: string): boolean {
  return VERSIONS.test(version);
}
