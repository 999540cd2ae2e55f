import { writeFileSync } from "node:fs";
import { llmsText } from "./llms.js";
import { sizesOf } from "./sizes.js";
import { ROOT } from "./snippets.js";

writeFileSync(`${ROOT}llms.txt`, llmsText());
const { packed, unpacked, ...entries } = await sizesOf();
const each = Object.entries(entries).map(([entry, size]) => `${entry} ${size} kB`);
console.log(`minified, gzip: ${each.join(", ")}; the package: ${packed} kB, unpacked ${unpacked} kB`);
