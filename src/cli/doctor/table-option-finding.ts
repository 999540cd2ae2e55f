import { tableOption } from "../../sql/table-name.js";
import { placeOf } from "../project/model-table.js";
import type { SchemaModel } from "../project/schema-model.js";
import { COLUMNS } from "./expected-table.js";
import type { Finding } from "./finding.js";
import type { Session } from "./session.js";
import { findSimilarTables, hasTable, type TablePlace } from "./table-facts.js";
import { describePlace, doctorOf, urlWith } from "./table-findings.js";

/**
 * Compares the option `table`, as the project's model and its URL give it, with the table that is examined. Nothing looks
 * the option up: one with the wrong schema splits the data silently.
 */
export async function checkTableOption(session: Session, examined: TablePlace, model: SchemaModel | undefined): Promise<Finding> {
  const place = model === undefined ? examined : placeOf(model, examined.schema);
  const option = optionFor(place);
  const isThere = await hasTable(session, place);
  const finding = { check: "table option", found: option, expected: option, fix: null } as const;
  if (place.schema !== examined.schema || place.table !== examined.table)
    return {
      ...finding,
      ok: false,
      found: `${option} by your model, and ${isThere ? "that table is there too" : NOT_THERE}`,
      expected: `${optionFor(examined)}, the table that is examined`,
      fix: fixOf(place, examined),
    };
  if (!isThere) return { ...finding, ok: "note", found: `${option}, and ${NOT_THERE}`, expected: "that it is there" };
  const similar = await findSimilarTables(session, COLUMNS.map(({ name }) => name), place.table); // prettier-ignore
  const others = similar.filter(({ schema }) => schema !== place.schema);
  if (others.length === 0) return { ...finding, ok: true };
  return {
    ...finding,
    ok: "note",
    found: `${option}, and ${others.map(describePlace).join(" and ")} ${others.length === 1 ? "has" : "have"} the same columns`,
    expected: "the table of the instances, and no other like it: a wrong schema in the option finds other instances, without an error",
    fix: "compare the schema in your code with that of your migrations",
  };
}

const NOT_THERE = "there is no such table";

function optionFor({ schema, table }: TablePlace): string {
  return `{ table: ${JSON.stringify(tableOption(schema, table))} }`;
}

/** How the table of the model is examined. */
function fixOf(place: TablePlace, examined: TablePlace): string {
  const steps = [
    ...(place.schema === examined.schema ? [] : [urlWith(place.schema)]),
    ...(place.table === examined.table ? [] : [doctorOf(place.table)]),
  ];
  return steps.join("\n");
}
