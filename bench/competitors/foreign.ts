/** A package that only `bench/package.json` has, typed by what is needed of it: the checkout type-checks without it. */
export async function importForeign<T>(specifier: string): Promise<T> {
  return (await import(specifier)) as T;
}
