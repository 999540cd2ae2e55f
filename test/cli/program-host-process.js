// The process of program-host.ts: plain JavaScript, since to load a compiler would take longer than what it saves.
import { runProgram } from "../../dist/cli/program.js";

let last = Promise.resolve();
process.on("message", (request) => void (last = last.then(() => perform(request))));
process.send("ready");

async function perform({ args, cwd, env }) {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
  const [out, err] = [capture(process.stdout), capture(process.stderr)];
  const code = await runProgram(args);
  process.send({ code, out: out.end(), err: err.end() });
}

/** Collects what is written to a stream, instead of writing it. */
function capture(stream) {
  const write = stream.write;
  let text = "";
  stream.write = (chunk) => {
    text += chunk;
    return true;
  };
  return {
    end() {
      stream.write = write;
      return text;
    },
  };
}
