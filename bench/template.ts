/** `docs/benchmarks.md` with its figures put in. The prose lives here, so that a run writes the document whole. */
export function fillTemplate(sections: Readonly<Record<string, string>>): string {
  return TEMPLATE.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const section = sections[name];
    if (section === undefined) throw new Error(`nothing to put in at {{${name}}}`);
    return section;
  });
}

const TEMPLATE = `# Benchmarks

<!-- Written by \`npm run bench\`. Edit bench/template.ts instead. -->

How fast this package keeps workflow instances in PostgreSQL, next to the calls that it is made of and to what other engines do for the same work. All of it was measured in one run, on {{machine}}{{newerNode}}.

Ratios are speeds: 1.00 is raw \`pg\` with named statements, which is about as fast as one statement an operation gets; 2.00 would be twice as fast. Compare ratios, and only within a document: the operations a second are this machine's, which client and server share.

**A/A control:** the raw competitor takes part twice. Against itself, it came to {{control}} over all cells, so smaller differences mean nothing.

{{left}}

## The work

An instance in the middle of its life has a state of 2 KB of JSON. There are 2,000 of them, 100 of which have the status that is listed. \`put\` stores an instance in place of the one with its id, a different one each time; \`get\` loads one by its id; \`list\` loads the 100, parsed. There are 100 instances of 64 KB and 10 of 1 MB besides.

Each competitor has a process and a database of its own, in one PostgreSQL server without fsync, and a pool of {{pool}} connections. In each of {{rounds}} rounds, everyone takes one turn of {{milliseconds}} ms after the other (A B C A B C), after one of {{warmUp}} ms each that doesn't count: what is measured is compiled code, as in a service that runs. A figure is the median over the rounds; a ratio is the median of the ratios within each round. "× 10" is 10 callers, each of which calls again as soon as it is answered. Statements are counted by \`pg_stat_statements\`, BEGIN and COMMIT too; client CPU is that of the whole process, for one operation; peak RSS is the most memory that it ever had until then, with all the instances that it was given.

## Against the bare Prisma calls

\`upsert\`, \`findUnique\` and \`findMany\` on the same table. Well-written selects the columns that are needed; naive has every column returned, from a put too.

{{bare}}

Neither \`hephaestus-prisma\` nor a bare call can be faster than what Prisma's client does between a call and its statement. Where the client's CPU goes, by a CPU profile of its own (microseconds of one operation, one caller, 2 KB; node:internal and waiting left out):

|                                | Prisma's client | garbage collector | \`pg\` and adapter | hephaestus-prisma |
| ------------------------------ | --------------: | ----------------: | ---------------: | ----------------: |
| put, bare and well-written     |             282 |                32 |                9 |                   |
| put, **hephaestus-prisma**     |              73 |                30 |               22 |                 3 |
| get, bare and well-written     |             110 |                16 |               30 |                   |
| get, **hephaestus-prisma**     |             101 |                16 |               17 |                11 |
| list of 100, bare              |             991 |               531 |               64 |                   |
| list of 100, hephaestus-prisma |             929 |               547 |               59 |               179 |

A bare put spends most of it in Prisma's walk over the Json argument (\`nestArgument\`), which ready JSON text goes around; what is left is Prisma's query plan and its interpreter. A get and a list are Prisma's own call and this package's mapping on top; a get saves the stack trace that Prisma takes of every call, to show the caller's line in its messages. The documented faster way that Prisma offers is raw SQL: \`put\` keeps \`upsert\`, so that extensions of your client see it, and \`coalesceWrites\` and \`putMany\` take the raw way. A competitor that drives \`pg\` itself saves Prisma's share of every call, which is why LangGraph, Mastra and DBOS are ahead in single puts by \`upsert\`. With \`coalesceWrites\` and [named statements](concurrency.md#faults-and-connections), a put is ahead of LangGraph, DBOS and Vercel at every concurrency, and beside Mastra from 10 callers on.

\`\`\`sh
npx tsx bench/profile.ts --only prisma-well,hephaestus --operation put,get,list --seconds 5 --functions 20
\`\`\`

## Many at once

\`putMany\` stores {{many}} instances a call. \`coalesceWrites\` sends the puts together that arrive while others are in flight. Both in relation to raw single puts with named statements at the same concurrency: first without fsync, like everything else here, where a batch saves round trips and plans only, and then where commits are durable, as PostgreSQL comes, and a batch waits for the disk once.

{{batches}}

## put

![put](benchmarks/put.svg)

{{put}}

## get

![get](benchmarks/get.svg)

{{get}}

## list

![list](benchmarks/list.svg)

{{list}}

## Larger states

One caller.

{{large}}

## Who takes part

{{versions}}

The other engines are driven at the level of their storage, by what they call themselves, with their own tables and indexes:

{{how}}

They don't all promise the same: LangGraph keeps history, DBOS and Vercel append, none of which a put of this package does. This is about the work that an engine gives its storage, not about which engine to choose.

Engines whose storage is behind a server of their own, such as Temporal, Inngest, Restate and Hatchet, are left out.

## Run it

\`\`\`sh
npm run bench                 # everything, in about 20 minutes; writes this document
npm run bench -- --quick      # a glance at 2 KB, which writes nothing
npm run bench -- --only hephaestus,langgraph --cells "put2KB×1,get2KB×10"
npx tsx bench/micro.ts        # codec and mapping against JSON.stringify and JSON.parse
\`\`\`

It brings its own PostgreSQL, and needs the npm registry only: the first run installs the other engines into \`bench/node_modules\`, from a lockfile of their own, and a newer Node for those who need one. Nothing else should run on the machine meanwhile. More flags: \`--rounds\`, \`--ms\` (of a turn), \`--json <file>\` (the figures), \`--write\` and \`--no-write\` (this document).

## Add a competitor

It is one object, in a file of \`bench/competitors/\`, listed in its \`index.ts\`; its package goes into \`bench/package.json\` (\`npm --prefix bench install --save-exact <package>\`):

<!-- not compiled: an outline; bench/competitors has whole ones, which are -->

\`\`\`ts
export const mine: Competitor = {
  name: "mine",
  title: "My storage",
  package: "my-storage",
  how: "\`save\`, \`load\`, \`find\`: what each of the operations is.",
  async setup({ url, pool }) {
    const { connect } = await importForeign<Package>("my-storage");
    const storage = await connect(url, { max: pool }); // an empty database of its own
    return {
      put: ({ id, status, state }) => storage.save(id, status, state),
      get: (id) => storage.load(id),
      list: () => storage.find(LISTED),
      close: () => storage.close(),
    };
  },
};
\`\`\`

Before it is measured, it is checked: what was put must be what is got, and \`list\` must find its 100.
`;
