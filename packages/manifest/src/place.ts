import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { ManifestProblem, ProblemCode } from './problem.js';

/** A parsed YAML text that knows where everything stands, and collects what is wrong with it. */
export class YamlSource {
  readonly problems: ManifestProblem[] = [];
  readonly #lines = new LineCounter();
  readonly document: Document.Parsed;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true, merge: true });
    for (const { message, pos } of this.document.errors) this.report('error', 'yaml_syntax', message.split('\n')[0]?.replace(/ at line .*/, '') ?? '', pos[0]);
  }

  get root(): Place {
    return new Place(this, this.document.contents, 0, []);
  }

  report(severity: ManifestProblem['severity'], code: ProblemCode, message: string, offset: number, path: string[] = []): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ severity, code, file: this.file, line: line || 1, column: col || 1, path: path.join(' > '), message });
  }
}

/** One value in the file. */
export class Place {
  readonly #node: Node | null;

  constructor(
    private readonly source: YamlSource,
    node: Node | null,
    /** Where a problem with this value is shown: the value itself, or its key when there is none. */
    private readonly offset: number,
    readonly path: string[],
  ) {
    this.#node = isAlias(node) ? (node.resolve(source.document) ?? null) : node;
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** The value of a scalar; undefined for maps, lists and nothing at all. */
  get scalar(): unknown {
    return isScalar(this.#node) ? this.#node.value : undefined;
  }

  get text(): string | undefined {
    return typeof this.scalar === 'string' ? this.scalar : undefined;
  }

  /** The value as plain JavaScript. */
  get plain(): unknown {
    return this.#node?.toJS(this.source.document);
  }

  /** Entries of a map in order, those of `<<` among them; empty for anything else. */
  entries(): { key: string; value: Place; name: Place }[] {
    if (!isMap(this.#node)) return [];
    const found = new Map<string, { key: string; value: Place; name: Place }>();
    for (const pair of this.#node.items as Pair<Node, Node | null>[]) {
      const key = keyText(pair.key);
      const keyOffset = pair.key.range?.[0] ?? this.offset;
      const value = new Place(this.source, pair.value, offsetOf(pair.value) ?? keyOffset, [...this.path, key]);
      const name = new Place(this.source, pair.key, keyOffset, [...this.path, key]);
      if (key !== '<<') found.set(key, { key, value, name });
      else for (const merged of value.merged()) found.set(merged.key, found.get(merged.key) ?? merged);
    }
    return [...found.values()];
  }

  items(): Place[] {
    if (!isSeq(this.#node)) return [];
    return (this.#node.items as (Node | null)[]).map(
      (item, index) => new Place(this.source, item, offsetOf(item) ?? this.offset, [...this.path, String(index)]),
    );
  }

  at(key: string): Place | undefined {
    return this.entries().find((entry) => entry.key === key)?.value;
  }

  error(code: ProblemCode, message: string): void {
    this.source.report('error', code, message, this.offset, this.path);
  }

  warning(code: ProblemCode, message: string): void {
    this.source.report('warning', code, message, this.offset, this.path);
  }

  private merged(): ReturnType<Place['entries']> {
    return this.isList ? this.items().flatMap((item) => item.entries()) : this.entries();
  }
}

function keyText(key: Node): string {
  const value = isScalar(key) ? key.value : key;
  // A key that merges an anchor is read as a symbol.
  return typeof value === 'symbol' ? '<<' : String(value);
}

function offsetOf(node: Node | null): number | undefined {
  // An empty value has a range of no width behind its key; the key is what a reader looks for.
  if (!node?.range || (isScalar(node) && node.value === null && node.range[0] === node.range[1])) return undefined;
  return node.range[0];
}
