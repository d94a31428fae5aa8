import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as ts from "typescript";
import { packageRoot } from "../../lib/cli/project.js";
import { entryPoints, manifest } from "./support/installed-package.js";

describe("the public interface", () => {
    const roots = entryPoints.map((entry) => declarationsOf(entry));
    const options = { module: ts.ModuleKind.NodeNext, skipLibCheck: true, types: [] };
    const program = ts.createProgram(roots, options);
    const checker = program.getTypeChecker();

    for (const [index, entry] of entryPoints.entries()) {
        test(`${entry}: each symbol and each of its members says what it is`, () => {
            const source = program.getSourceFile(roots[index] ?? "");
            const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
            assert.ok(module !== undefined);
            const symbols = checker.getExportsOfModule(module).map(resolve);
            assert.ok(symbols.length > 0);
            assert.deepEqual(symbols.flatMap(undocumented), []);
        });
    }

    function resolve(symbol: ts.Symbol): ts.Symbol {
        const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
        return isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    }

    function undocumented(symbol: ts.Symbol): string[] {
        const members = [...(symbol.members?.values() ?? [])].filter(isOurs);
        return [
            ...(isDocumented(symbol) ? [] : [symbol.name]),
            ...members
                .filter((one) => !isDocumented(one))
                .map(({ name }) => `${symbol.name}.${name}`),
        ];
    }

    function isDocumented(symbol: ts.Symbol): boolean {
        const isDeprecated = symbol.getJsDocTags(checker).some(({ name }) => name === "deprecated");
        return isDeprecated || symbol.getDocumentationComment(checker).length > 0;
    }
});

/** Whether a reader meets the member: constructors are told by their class, private ones by nobody. */
function isOurs(member: ts.Symbol): boolean {
    const named = ts.SymbolFlags.Property | ts.SymbolFlags.Method | ts.SymbolFlags.Accessor;
    const declarations = member.declarations ?? [];
    return (
        (member.flags & named) !== 0 &&
        !declarations.some(
            (one) => (ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Private) !== 0,
        )
    );
}

function declarationsOf(entry: string): string {
    const target = manifest.exports[entry.replace(manifest.name, ".")];
    return join(packageRoot, typeof target === "object" ? target.types : "");
}
