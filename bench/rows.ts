/**
 * What is measured, row by row. Rows that are compared differ in one thing.
 *
 * @module
 */
import type { Sandbox } from "../tests/support/sandbox.ts";
import type { Row } from "./measure.ts";
import { type Command, type FormName, ROUND_TRIP_MS, type Setting, VERSION } from "./setting.ts";

export interface Rows {
  readonly all: readonly Row[];
  /** Those that nothing has to be asked for once they ran. */
  readonly hot: readonly Row[];
}

const ASKING = ["get", "namespaces"];
const LOCAL = ["version", "--client"];

const FORMS: Readonly<Record<FormName, string>> = {
  source: "from source",
  single: "single file",
  plain: `single file by "deno run -A"`,
  linked: "single file by a link named kubectl",
};

const MANY_CLUSTERS = 5_000;

export async function planRows(setting: Setting): Promise<Rows> {
  const { forms, kubectls, empty, runner, place } = setting;
  const home = await place({ kubectl: kubectls.real });
  const { real, fast } = kubectls;
  const floor = [
    row("runner", "/bin/true: what measuring costs", home, runner),
    row("empty", "empty Deno program", home, empty.plain),
    row("empty-flags", "empty Deno program, the single file's flags", home, empty.flags),
    row("fast", "kubectl that does nothing", home, [fast]),
    row("real-local", `kubectl ${VERSION}: ${LOCAL.join(" ")}`, home, [real, ...LOCAL]),
    row("real", `kubectl ${VERSION}: ${ASKING.join(" ")}`, home, [real, ...ASKING]),
  ];

  const hot = [
    row("hot-real-local", "hot, single file: the former", home, [...forms.single, ...LOCAL]),
    row("hot-real", "hot, single file: the latter", home, [...forms.single, ...ASKING]),
  ];
  const cold = [];
  for (const form of ["source", "single", "plain", "linked"] as const) {
    hot.push(kuberlr("hot", "hot", form, await place()));
  }
  for (const form of ["source", "single"] as const) {
    const world = await place({ clusters: MANY_CLUSTERS });
    hot.push(kuberlr("hot-5000", "hot, 5,000 clusters", form, world));
    cold.push(forgetting(kuberlr("cold", "cold", form, await place())));
  }
  const down = { server: "down" } as const;
  hot.push(kuberlr("down-again", "server down, known", "single", await place(down)));
  cold.push(
    forgetting(kuberlr("down", "server down, first", "single", await place(down))),
    forgetting(
      kuberlr(
        "cold-far",
        `cold, ${ROUND_TRIP_MS} ms away`,
        "single",
        await place({ server: "far" }),
      ),
    ),
    {
      ...forgetting(
        kuberlr(
          "cold-5000",
          "cold, 5,000 clusters",
          "single",
          await place({ clusters: MANY_CLUSTERS }),
        ),
      ),
      rounds: 10,
    },
  );
  return { all: [...floor, ...hot, ...cold], hot };

  function kuberlr(id: string, name: string, form: FormName, world: Sandbox): Row {
    const command: Command = [...forms[form], ...ASKING];
    return row(`${id}-${form}`, `${name}, ${FORMS[form]}`, world, command);
  }
}

/** Commands one after the other against a server that never answers: whoever waits has a connection. */
export async function planSilence({ place, forms }: Setting): Promise<Row> {
  const world = await place({ server: "silent" });
  world.env.KUBERLR_TIMEOUT = "1";
  return row("silent", "server that never answers", world, [...forms.single, ...ASKING]);
}

export function row(id: string, name: string, { env, cwd }: Sandbox, command: Command): Row {
  return { id, name, command, env, cwd };
}

/** kuberlr's own home of that world: the kubectl stays, what is remembered goes. */
function forgetting(before: Row): Row {
  const cache = `${before.env.HOME}/.kuberlr/cache`;
  return {
    ...before,
    prepare() {
      try {
        Deno.removeSync(cache, { recursive: true });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
  };
}
