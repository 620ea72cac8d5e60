/**
 * The measured commands, one per row. Rows that are compared differ in one respect.
 *
 * @module
 */
import type { Sandbox } from "../tests/support/sandbox.ts";
import type { Row } from "./measure.ts";
import { type Command, type FormName, ROUND_TRIP_MS, type Setting, VERSION } from "./setting.ts";

export interface Rows {
  readonly all: readonly Row[];
  /** The rows that ask no server and no mirror once they have run. */
  readonly hot: readonly Row[];
}

const ASKING = ["get", "namespaces"];

export const FORMS: Readonly<Record<FormName, string>> = {
  launcher: "the launcher",
  single: "single file",
  executable: "executable",
  linked: "single file by a link named kubectl",
  source: "from source",
};

/** The forms that people install, which the drawing shows. */
export const INSTALLED = ["launcher", "single", "executable"] as const;

export const PLACES = { near: "on loopback", far: `${ROUND_TRIP_MS} ms away` } as const;

const MANY_CLUSTERS = 5_000;
/** For rows that take a quarter of a second. */
const FEW_ROUNDS = 15;

export async function planRows(setting: Setting): Promise<Rows> {
  const { forms, kubectls: { real, fast }, programs, runner, place } = setting;
  const home = await place();
  const floor = [
    row("runner", "/bin/true: what measuring costs", home, runner),
    row("empty", "empty Deno program", home, programs.empty),
    row("request", "Deno program with one request", home, programs.request),
    row("fast", "kubectl that does nothing", home, [fast]),
  ];
  if (programs.emptyExecutable) {
    floor.push(row("empty-executable", "empty executable", home, programs.emptyExecutable));
  }

  const hot = [];
  const cold = [];
  for (const form of ["launcher", "single", "executable", "linked", "source"] as const) {
    if (forms[form] === undefined) continue;
    hot.push(kuberlr("hot", "hot", form, await place()));
    if (form !== "linked") cold.push(withoutCache(kuberlr("cold", "cold", form, await place())));
  }
  for (const form of ["launcher", "single"] as const) {
    const world = await place({ clusters: MANY_CLUSTERS });
    hot.push(kuberlr("hot-5000", "hot, 5,000 clusters", form, world));
  }
  const down = { server: "down" } as const;
  hot.push(kuberlr("down-again", "server down, known", "single", await place(down)));
  cold.push(withoutCache(kuberlr("down", "server down, first", "single", await place(down))));
  const many = kuberlr(
    "cold-5000",
    "cold, 5,000 clusters",
    "single",
    await place({ clusters: MANY_CLUSTERS }),
  );
  cold.push({ ...withoutCache(many), rounds: FEW_ROUNDS });

  const full = await planFullCommands(setting);
  return { all: [...floor, ...hot, ...cold, ...full.all], hot: [...hot, ...full.hot] };

  function kuberlr(id: string, name: string, form: FormName, world: Sandbox): Row {
    const command: Command = [...forms[form]!, ...ASKING];
    return row(`${id}-${form}`, `${name}, ${FORMS[form]}`, world, command);
  }

  /** The rows with a real kubectl, which asks the server itself. */
  async function planFullCommands({ place }: Setting): Promise<Rows> {
    const all: Row[] = [];
    const hot: Row[] = [];
    for (const [server, where] of Object.entries(PLACES) as ["near" | "far", string][]) {
      const rounds = server === "far" ? { rounds: FEW_ROUNDS } : {};
      const world = await place({ kubectl: real, server });
      const name = `kubectl ${VERSION} ${ASKING.join(" ")}, ${where}`;
      all.push({ ...row(`real-${server}`, name, world, [real, ...ASKING]), ...rounds });
      for (const form of INSTALLED) {
        const command = forms[form];
        if (command === undefined) continue;
        for (const state of ["hot", "cold"] as const) {
          const world = await place({ kubectl: real, server });
          const name = `the same, ${state}, ${FORMS[form]}`;
          const each = row(`real-${state}-${server}-${form}`, name, world, [...command, ...ASKING]);
          all.push({ ...state === "cold" ? withoutCache(each) : each, ...rounds });
          if (state === "hot") hot.push({ ...each, ...rounds });
        }
      }
    }
    return { all, hot };
  }
}

/**
 * Returns a command against a server that never answers. Each command that waits for the server
 * opens a connection.
 */
export async function planSilence({ place, forms }: Setting): Promise<Row> {
  const world = await place({ server: "silent" });
  world.env.KUBERLR_TIMEOUT = "1";
  return row("silent", "server that never answers", world, [...forms.single, ...ASKING]);
}

export function row(id: string, name: string, { env, cwd }: Sandbox, command: Command): Row {
  return { id, name, command, env, cwd };
}

/** Returns the row with an empty cache before every run; the installed kubectl stays. */
function withoutCache(before: Row): Row {
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
