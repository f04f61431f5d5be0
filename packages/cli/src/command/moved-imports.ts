import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const foreignFolders = new Set(['node_modules', 'dist', '.nango', '.git']);

/** Files on their way to other places, and what their imports and those of others read afterwards. */
export class Moves {
  readonly #folder: string;
  readonly #places: Map<string, string[]>;

  /** @param places new places of each file; several mean that each gets a copy */
  constructor(folder: string, places: Map<string, string[]>) {
    this.#folder = folder;
    this.#places = places;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** The files that move, as they are to be written. */
  moved(): { from: string; to: string; text: string }[] {
    return [...this.#places].flatMap(([from, places]) => places.map((to) => ({ from, to, text: this.#rewritten(from, to) })));
  }

  /** Files that stay where they are and import one that moves. */
  adjusted(): { file: string; text: string }[] {
    const staying = sourcesBelow(this.#folder).filter((file) => !this.#places.has(file));
    return staying.map((file) => ({ file, text: this.#rewritten(file, file) })).filter(({ file, text }) => text !== readFileSync(file, 'utf8'));
  }

  #rewritten(from: string, to: string): string {
    const text = readFileSync(from, 'utf8');
    const literals = specifiersOf(ts.createSourceFile(from, text, ts.ScriptTarget.Latest, true));
    return literals.reduceRight((changed, literal) => {
      const [start, end] = [literal.getStart() + 1, literal.getEnd() - 1];
      return changed.slice(0, start) + this.#specifier(literal.text, from, to) + changed.slice(end);
    }, text);
  }

  /** How `to` names what `from` named; an ending stays as it was written, or left out. */
  #specifier(written: string, from: string, to: string): string {
    const path = resolve(dirname(from), written);
    const target = fileOf(path);
    const moved = target === undefined ? undefined : this.#newPlace(target, to);
    if (from === to && moved === undefined) return written;
    const way = relative(dirname(to), moved === undefined ? path : join(dirname(moved), basename(path)))
      .split(sep)
      .join('/');
    return way.startsWith('.') ? way : `./${way}`;
  }

  /** Of several copies the one beside the file that imports it. */
  #newPlace(target: string, importer: string): string | undefined {
    const places = this.#places.get(target) ?? [];
    const integration = (file: string): string | undefined => relative(this.#folder, file).split(sep)[0];
    return places.find((place) => integration(place) === integration(importer)) ?? places[0];
  }
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return foreignFolders.has(entry.name) ? [] : sourcesBelow(path);
    return entry.isFile() && entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Relative imports and exports of a file, in order: those of types and those made by `import()` too. */
function specifiersOf(source: ts.SourceFile): ts.StringLiteral[] {
  const found: ts.StringLiteral[] = [];
  const visit = (node: ts.Node): void => {
    const literal = specifierOf(node);
    if (literal && ts.isStringLiteral(literal) && literal.text.startsWith('.')) found.push(literal);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}

function fileOf(path: string): string | undefined {
  return [`${path}.ts`, path.replace(/\.js$/, '.ts'), join(path, 'index.ts')].find((file) => file.endsWith('.ts') && existsSync(file));
}
