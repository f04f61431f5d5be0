import { parseXml as parseDocument, XmlElement } from '@rgrove/parse-xml';

const maxCharacters = 1_000_000;
/** Deeper documents would overflow the stack of whatever walks them. */
const maxDepth = 50;

/** An element's content: its text, or its child elements by name. */
export type XmlContent = string | { [name: string]: XmlContent | XmlContent[] };

/**
 * An XML document as nested objects: elements by their names without prefix, attributes as `@name`, repeated elements as a list. Nothing
 * for what is no XML. The parser knows XML's five entities and refuses all others, so that nothing expands.
 *
 * @example parseXml('<a><b id="1">x</b></a>') // { a: { b: { '@id': '1', '#text': 'x' } } }
 */
export function parseXml(text: string): Record<string, XmlContent | XmlContent[]> | undefined {
  if (text.length > maxCharacters) return undefined;
  try {
    const { root } = parseDocument(text.trim());
    return root ? { [localName(root.name)]: contentOf(root, maxDepth) } : undefined;
  } catch {
    return undefined;
  }
}

function contentOf(element: XmlElement, levels: number): XmlContent {
  if (levels === 0) throw new RangeError('XML is nested too deeply');
  const attributes = Object.entries(element.attributes).filter(([name]) => !/^xmlns(:|$)/.test(name));
  const children = element.children.filter((child) => child instanceof XmlElement);
  const content: Exclude<XmlContent, string> = Object.fromEntries(attributes.map(([name, value]) => [`@${localName(name)}`, value]));
  for (const child of children) add(content, localName(child.name), contentOf(child, levels - 1));
  if (children.length > 0) return content;
  return attributes.length > 0 ? { ...content, '#text': element.text.trim() } : element.text.trim();
}

function add(content: Exclude<XmlContent, string>, name: string, value: XmlContent): void {
  const known = Object.hasOwn(content, name) ? content[name] : undefined;
  // Not by assignment: an element may be called __proto__.
  Object.defineProperty(content, name, {
    value: known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value],
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Nested objects as an XML document, by the same rules as {@link parseXml}. An empty value becomes an empty element. */
export function writeXml(content: Record<string, unknown>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${elements(content)}`;
}

function elements(content: Record<string, unknown>): string {
  const children = Object.entries(content).filter(([name]) => !name.startsWith('@') && name !== '#text');
  return children.flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item) => element(name, item))).join('');
}

function element(name: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return `<${name}>${escaped(value ?? '')}</${name}>`;
  const fields = value as Record<string, unknown>; // an object, checked above
  const attributes = Object.entries(fields).filter(([key]) => key.startsWith('@'));
  const opening = [name, ...attributes.map(([key, text]) => `${key.slice(1)}="${escaped(text)}"`)].join(' ');
  return `<${opening}>${escaped(fields['#text'] ?? '')}${elements(fields)}</${name}>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function escaped(value: unknown): string {
  return String(value).replaceAll(/["&'<>]/g, (character) => entities[character] ?? character);
}
