import { count, table } from "../markdown/table.js";
import { type Capacity, capacityOf, type Load } from "./capacity.js";
import { PRUNED_PER_SECOND, SERVER } from "./rules.js";
import type { SetUpCost } from "./set-up-costs.js";

/** A Markdown table of what a load needs, with a column for each set-up. */
export function capacityTable(load: Load, costs: readonly SetUpCost[], setUps: readonly string[]): string {
  const capacities = setUps.map((setUp) => capacityOf(load, costs, setUp));
  const row = (name: string, figure: (capacity: Capacity) => string): string[] => [name, ...capacities.map(figure)];
  return table(
    [describe(load), ...setUps],
    [
      row(`servers of ${SERVER.cores} cores and ${SERVER.memory}`, ({ servers }) => count(servers)),
      row("puts a second of a core", ({ putsPerCore }) => count(Number(putsPerCore.toPrecision(2)))),
      row("cores for the puts", ({ cores }) => count(Math.ceil(cores))),
      row("memory for the hot indexes", ({ hotIndexBytes }) => bytes(hotIndexBytes)),
      row("WAL", ({ walPerSecond }) => `${megabytes(walPerSecond)} MB/s`),
      row("WAL a day", ({ walPerSecond }) => bytes(walPerSecond * 86_400)),
      row("WAL of a put", ({ walPerPut }) => bytes(walPerPut)),
      row("table", ({ tableBytes }) => bytes(tableBytes)),
      row("indexes", ({ indexBytes }) => bytes(indexBytes)),
      row("partitions, on one server", ({ partitions }) => count(partitions)),
      row("processes of the application", ({ processes }) => count(processes)),
      row("their connections to a server", ({ connections }) => count(connections)),
      row("dead rows for vacuum", ({ deadPerSecond }) => `${count(deadPerSecond)} a second`),
      row("an autovacuum every", ({ secondsBetweenVacuums }) => duration(secondsBetweenVacuums)),
      row("a freeze of each server every", ({ secondsBetweenFreezes }) => duration(secondsBetweenFreezes)),
      row("prune", ({ instancesPerSecond }) => `${count(instancesPerSecond)} of ${count(PRUNED_PER_SECOND)} a second`),
      row("retention at this size", ({ retentionSeconds }) => duration(retentionSeconds)),
    ],
  );
}

function describe({ instances, stateBytes, putsPerSecond }: Load): string {
  return `${count(instances)} instances of ${bytes(stateBytes)}, ${count(putsPerSecond)} puts a second`;
}

function bytes(value: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(1024)));
  const scaled = value / 1024 ** power;
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : count(scaled)} ${units[power] ?? ""}`;
}

function megabytes(value: number): string {
  const scaled = value / 2 ** 20;
  return scaled < 10 ? scaled.toFixed(1) : count(scaled);
}

function duration(seconds: number): string {
  if (seconds >= 2 * 86_400) return `${count(seconds / 86_400)} days`;
  return seconds >= 7_200 ? `${count(seconds / 3_600)} hours` : `${count(seconds / 60)} minutes`;
}
