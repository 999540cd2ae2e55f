import { parseArgs } from "node:util";
import { chooseByName, positiveInteger } from "./flags.js";
import { capacityTable } from "./scale/capacity-table.js";
import { readFigures } from "./scale/set-up-figures.js";
import { SET_UPS } from "./scale/set-ups.js";

// What a number of instances needs, on paper: `npm run plan:scale -- --instances 10000000 --puts 200`
const { values: flags } = parseArgs({
  options: {
    instances: { type: "string", default: "10000000" },
    "state-bytes": { type: "string", default: "2000" },
    puts: { type: "string", default: "200" },
    "puts-per-instance": { type: "string", default: "8" },
    "status-percent": { type: "string", default: "50" },
    "set-up": { type: "string" },
  },
});

const load = {
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
