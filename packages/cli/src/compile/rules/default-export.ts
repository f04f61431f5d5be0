import ts from 'typescript';
import type { Finding, LintContext } from './rule.js';

const examples: Record<LintContext['kind'], string> = {
  sync: 'export default async function fetchData(nango: NangoSync): Promise<void>',
  action: 'export default async function runAction(nango: NangoAction, input: Input): Promise<Output>',
  'on-event': 'export default async function onEvent(nango: NangoAction): Promise<void>',
};

/** A script's entry is its default export; a sync's hands nothing back, since its records go through batchSave. */
export function checkDefaultExport(source: ts.SourceFile, { kind }: LintContext): Finding[] {
  const exported = findDefaultExport(source);
  if (!exported) return [{ severity: 'error', node: source, message: `the script has no default export; write for example: ${examples[kind]}` }];
  if (kind !== 'sync' || !ts.isFunctionLike(exported) || !('body' in exported) || !exported.body) return [];
  return returnedValues(exported.body).map((node) => ({
    severity: 'error' as const,
    node,
    message: 'a sync must not return a value; save records with nango.batchSave()',
  }));
}

function findDefaultExport(source: ts.SourceFile): ts.Node | undefined {
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals) return followName(source, statement.expression);
    if (ts.isFunctionDeclaration(statement) && hasDefault(statement)) return statement;
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      const element = statement.exportClause.elements.find(({ name }) => name.text === 'default');
      const name = element?.propertyName;
      if (element) return name && ts.isIdentifier(name) && !statement.moduleSpecifier ? followName(source, name) : element;
    }
  }
  return undefined;
}

function hasDefault(statement: ts.FunctionDeclaration): boolean {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

/** The function behind `export default name`; the name itself when it is made elsewhere. */
function followName(source: ts.SourceFile, expression: ts.Expression): ts.Node {
  if (!ts.isIdentifier(expression)) return expression;
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === expression.text) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    const declaration = statement.declarationList.declarations.find(({ name }) => ts.isIdentifier(name) && name.text === expression.text);
    if (declaration?.initializer) return declaration.initializer;
  }
  return expression;
}

function returnedValues(body: ts.Node): ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node);
    ts.forEachChild(node, visit);
  };
  // `=> nango.batchSave(...)` is how a short sync is written; what it evaluates to is nobody's return value.
  if (ts.isBlock(body)) visit(body);
  return found;
}
