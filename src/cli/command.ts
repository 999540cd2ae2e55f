/** One command of the program. */
export interface Command {
  /** The text of `--help`. */
  readonly help: string;
  /**
   * Runs the command, and returns the exit code of the process.
   *
   * @throws {Failure} for what the user can fix.
   */
  run(argv: readonly string[]): Promise<number>;
}
