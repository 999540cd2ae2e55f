/** One command of the program. */
export interface Command {
  /** What it does, in half a line. */
  readonly summary: string;
  /** What `--help` tells. */
  readonly help: string;
  /**
   * Does what a command line says, and answers what the process exits with.
   *
   * @throws {Failure} for what the user can mend.
   */
  run(argv: readonly string[]): Promise<number>;
}
