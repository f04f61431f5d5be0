import ts from 'typescript';
import { displayName } from '../project/project.js';
import type { CompileProblem } from './compile-problem.js';
import { checkAwaited, checkDeprecated, checkForbidden, checkModelName, checkRetryOn } from './rules/nango-call.js';
import { checkDefaultExport } from './rules/default-export.js';
import type { LintContext, NangoCall } from './rules/rule.js';

const callRules = [checkAwaited, checkForbidden, checkDeprecated, checkModelName, checkRetryOn];

/** Checks a script's own file and those it imports against the rules of surface 1.7; `sources` begins with the script. */
export function lintScript(folder: string, sources: ts.SourceFile[], context: LintContext): CompileProblem[] {
  const [entry] = sources;
  const findings = entry ? checkDefaultExport(entry, context) : [];
  for (const source of sources) for (const call of nangoCalls(source)) findings.push(...callRules.flatMap((rule) => rule(call, context) ?? []));
  return findings.map(({ severity, node, message }) => {
    const source = node.getSourceFile();
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
    return { severity, file: displayName(folder, source.fileName), line: line + 1, column: character + 1, message };
  });
}

function nangoCalls(source: ts.SourceFile): NangoCall[] {
  const calls: NangoCall[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: target, name } = node.expression;
      if (ts.isIdentifier(target) && target.text === 'nango') calls.push({ node, method: name.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}
