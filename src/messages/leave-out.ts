/** Says how a property that may be `undefined` is left out of an object. */
export function leaveOut(name: string): string {
  return `. If there is none, leave it out: ...(${name} !== undefined && { ${name} })`;
}
