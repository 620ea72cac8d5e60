/**
 * The part of the purity rule that types cannot hold: a file directly in `lib/` is synchronous, reads no clock and
 * no dice, and imports nothing from `lib/host/` or `lib/steps/`; steps and commands reach the host through its
 * interfaces only.
 *
 * @module
 */

const PURE = /(?:^|[\\/])lib[\\/][^\\/]+\.ts$/;
const THROUGH_HOST = /(?:^|[\\/])lib[\\/](?:steps|commands)[\\/][^\\/]+\.ts$/;

function rule(applies: RegExp, create: (report: Report) => Deno.lint.LintVisitor): Deno.lint.Rule {
  return {
    create(context) {
      if (!applies.test(context.filename)) return {};
      return create((node, message) => context.report({ node, message }));
    },
  };
}

type Report = (node: Deno.lint.Node, message: string) => void;

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

const plugin: Deno.lint.Plugin = {
  name: "kuberlr",
  rules: {
    "pure-imports": rule(
      PURE,
      refuseImports(
        /(?:^|\/)(?:host|steps|commands)\/|^node:/,
        "A pure file imports pure files only",
      ),
    ),
    "host-imports": rule(
      THROUGH_HOST,
      refuseImports(
        /(?:^|\/)host\//,
        "Steps and commands reach the host through lib/ports/host.ts",
      ),
    ),
    "pure-async": rule(PURE, (report) => ({
      ":matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[async=true]"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file is synchronous");
      },
      "AwaitExpression, ForOfStatement[await=true]"(node: Deno.lint.Node) {
        report(node, "A pure file is synchronous");
      },
    })),
    "pure-ambient": rule(PURE, (report) => ({
      "CallExpression > MemberExpression[object.name=/^(Date|Math)$/][property.name=/^(now|random)$/]"(
        node: Deno.lint.Node,
      ) {
        report(node, "A pure file takes time and chance as arguments");
      },
      "NewExpression[callee.name='Date'][arguments.length=0]"(node: Deno.lint.Node) {
        report(node, "A pure file takes the time as an argument");
      },
    })),
  },
};

export default plugin;
