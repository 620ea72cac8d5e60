/**
 * Lint rules for the laws of `lib/` that types cannot express. A file is pure if its path has no
 * segment `steps`, `commands`, `host` or `main`. A pure file is synchronous, uses no clock and no
 * random numbers, calls no port, and has no `declare`. Steps and commands reach the host only
 * through the interfaces in `lib/ports/`.
 *
 * tests/laws_test.ts checks that imports go down.
 *
 * @module
 */

const PURE = /(?:^|[\\/])lib[\\/](?!(?:[^\\/]+[\\/])*(?:steps|commands|host|main)[\\/])/;
const THROUGH_PORTS = /(?:^|[\\/])lib[\\/](?:[^\\/]+[\\/])*(?:steps|commands)[\\/]/;

/** The interfaces whose methods do I/O or read a clock. `Env` only looks up a value. */
const PORTS = new Set([
  "Host",
  "LocalHost",
  "Files",
  "Program",
  "Http",
  "Processes",
  "Clock",
  "Store",
  "Downloads",
  "Signatures",
  "Terminal",
]);

const IN_PORTS = /(?:^|\/)ports\//;

type Report = (node: Deno.lint.Node, message: string) => void;

function rule(
  applies: (path: string) => boolean,
  create: (report: Report) => Deno.lint.LintVisitor,
): Deno.lint.Rule {
  return {
    create(context) {
      if (!applies(context.filename)) return {};
      return create((node, message) => context.report({ node, message }));
    },
  };
}

const isPure = (path: string) => PURE.test(path);
const isPorts = (path: string) => /[\\/]lib[\\/]ports[\\/]/.test(path);

function refuseImports(
  forbidden: RegExp,
  message: string,
): (report: Report) => Deno.lint.LintVisitor {
  return (report) => {
    const check = (
      node: Deno.lint.Node & { source?: Deno.lint.StringLiteral | Deno.lint.Expression | null },
    ) => {
      const source = node.source;
      if (source?.type === "Literal" && forbidden.test(String(source.value))) report(node, message);
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  };
}

const MAX_PARAMETERS = 4;
const MAX_COMMENT_COLUMNS = 100;

const plugin: Deno.lint.Plugin = {
  name: "kuberlr",
  rules: {
    "parameters": rule(() => true, (report) => {
      const check = (node: Deno.lint.Node & { params: readonly unknown[] }) => {
        if (node.params.length > MAX_PARAMETERS) {
          report(
            node,
            `A function has at most ${MAX_PARAMETERS} parameters: take an options object`,
          );
        }
      };
      return {
        FunctionDeclaration: check,
        FunctionExpression: check,
        // The function that calls a callback says which parameters it gets.
        ":not(CallExpression) > ArrowFunctionExpression": check,
        TSFunctionType: check,
        TSMethodSignature: check,
      };
    }),
    "host-alias": rule((path) => /[\\/]lib[\\/]/.test(path), (report) => ({
      "TSTypeAliasDeclaration[id.name!=/Host$/] > TSTypeReference[typeName.name='Pick'] Identifier[name=/^(Local)?Host$/]"(
        node: Deno.lint.Node,
      ) {
        report(node, "Write `host: Pick<Host, …>` where it is needed, or name it …Host");
      },
    })),
    "comment-width": {
      create(context) {
        return {
          Program() {
            for (const { type, value, range } of context.sourceCode.getAllComments()) {
              const lines = context.sourceCode.text.slice(0, range[0]).split("\n");
              const first = `${lines.at(-1)}/*${value}${type === "Block" ? "*/" : ""}`;
              const isWide = first.split("\n").some((line) =>
                line.length > MAX_COMMENT_COLUMNS && !/https?:\/\/\S+$/.test(line)
              );
              if (!isWide) continue;
              context.report({
                range,
                message: `A comment line ends at column ${MAX_COMMENT_COLUMNS}`,
              });
            }
          },
        };
      },
    },
    "pure-imports": rule(
      isPure,
      refuseImports(
        /(?:^|\/)(?:host|steps|commands|main)\/|^node:/,
        "A pure file imports pure files only",
      ),
    ),
    "host-imports": rule(
      (path) => THROUGH_PORTS.test(path),
      refuseImports(/(?:^|\/)host\//, "Steps and commands reach the host through lib/ports/"),
    ),
    "pure-ports": rule((path) => isPure(path) && !isPorts(path), (report) => ({
      ImportDeclaration(node) {
        for (const specifier of node.specifiers) {
          if (specifier.type !== "ImportSpecifier") {
            if (IN_PORTS.test(node.source.value)) report(specifier, "A pure file takes no port");
          } else if (
            specifier.imported.type === "Identifier" && PORTS.has(specifier.imported.name)
          ) {
            report(specifier, "A pure file takes no port");
          }
        }
      },
      ExportNamedDeclaration(node) {
        if (IN_PORTS.test(node.source?.value ?? "")) report(node, "A pure file passes no port on");
      },
      ExportAllDeclaration(node) {
        if (IN_PORTS.test(node.source.value)) report(node, "A pure file passes no port on");
      },
      TSImportType(node) {
        report(node, "A pure file imports its types at the top");
      },
    })),
    "pure-declare": rule(
      (path) => isPure(path) && !/[\\/]encoding[\\/]utf8\.ts$/.test(path),
      (report) => ({
        "VariableDeclaration[declare=true], FunctionDeclaration[declare=true], ClassDeclaration[declare=true], TSModuleDeclaration"(
          node: Deno.lint.Node,
        ) {
          report(node, "A pure file declares nothing that exists elsewhere");
        },
        TSDeclareFunction(node) {
          report(node, "A pure file declares nothing that exists elsewhere");
        },
      }),
    ),
    "pure-async": rule(isPure, (report) => ({
      ":matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[async=true]"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file is synchronous");
      },
      "AwaitExpression, ForOfStatement[await=true], VariableDeclaration[kind='await using']"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file is synchronous");
      },
      "NewExpression[callee.name='Promise'], MemberExpression[object.name='Promise']"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file is synchronous");
      },
      "CallExpression > MemberExpression[property.name=/^(then|catch|finally)$/]"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file is synchronous");
      },
    })),
    "pure-ambient": rule(isPure, (report) => ({
      "CallExpression > MemberExpression[object.name=/^(Date|Math)$/][property.name=/^(now|random)$/]"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file takes time and chance as arguments");
      },
      "MemberExpression[object.name='Temporal'][property.name='Now']"(node: Deno.lint.Node) {
        report(node, "A pure file takes the time as an argument");
      },
      "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file takes the time as an argument");
      },
    })),
  },
};

export default plugin;
