import { parseArgs } from "node:util";
import { chooseByName, positiveInteger } from "./flags.js";
import { DEFAULT_LOAD, type Load } from "./scale/capacity.js";
import { capacityTable } from "./scale/capacity-table.js";
import { readFigures } from "./scale/set-up-figures.js";
import { SET_UPS } from "./scale/set-ups.js";

// What a number of instances needs, on paper: `npm run plan:scale -- --instances 100000000 --puts 1000`
const { values: flags } = parseArgs({
  options: {
    instances: { type: "string", default: String(DEFAULT_LOAD.instances) },
    "state-bytes": { type: "string", default: String(DEFAULT_LOAD.stateBytes) },
    puts: { type: "string", default: String(DEFAULT_LOAD.putsPerSecond) },
    "puts-per-instance": { type: "string", default: String(DEFAULT_LOAD.putsPerInstance) },
    "status-percent": { type: "string", default: String(DEFAULT_LOAD.statusShare * 100) },
    "set-up": { type: "string" },
  },
});

const load: Load = {
  instances: positiveInteger("--instances", flags.instances),
  stateBytes: positiveInteger("--state-bytes", flags["state-bytes"]),
  putsPerSecond: positiveInteger("--puts", flags.puts),
  putsPerInstance: positiveInteger("--puts-per-instance", flags["puts-per-instance"]),
  statusShare: positiveInteger("--status-percent", flags["status-percent"], 0) / 100,
};
const { costs } = readFigures();
const setUps = chooseByName("--set-up", flags["set-up"], SET_UPS, ({ name }) => name.replaceAll(" ", "-"));
console.log(
  capacityTable(
    load,
    costs,
    setUps.map(({ name }) => name),
  ),
);
