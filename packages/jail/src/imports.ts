import { Script } from 'node:vm';
import { parse } from 'acorn';
import { simple } from 'acorn-walk';
import { codeOffset, importStandIn, wrapScript } from './script-wrapper.js';

/** Codes that name import and are in use at a time: a runner's actions come again and again. */
const maxKept = 100;
const kept = new Map<string, string>();

/**
 * A script's code with each `import()` turned into the call of a function of its own realm, which refuses: what Node
 * answers to an `import()` near the end of the stack is an error of the host's realm, whatever the host does about it.
 * @throws SyntaxError for code that runs but cannot be looked through
 */
export function withoutImports(code: string): string {
  if (!/\bimport\b/.test(code)) return code;
  const made = kept.get(code) ?? replaced(code);
  kept.set(code, made);
  if (kept.size > maxKept) kept.delete(kept.keys().next().value ?? '');
  return made;
}

function replaced(code: string): string {
  const found = importsOf(code);
  if (found === null) return code;
  let made = '';
  let from = 0;
  for (const at of found.toSorted((a, b) => a - b)) {
    made += code.slice(from, at) + importStandIn;
    from = at + importStandIn.length;
  }
  return made + code.slice(from);
}

/** Where the code calls `import()`; null for code that does not even compile, which says so when it is run. */
function importsOf(code: string): number[] | null {
  const text = wrapScript(code);
  const found: number[] = [];
  try {
    simple(parse(text, { ecmaVersion: 'latest', sourceType: 'script' }), { ImportExpression: ({ start }) => void found.push(start - codeOffset) });
    return found;
  } catch {
    if (!compiles(text)) return null;
    throw new SyntaxError('it names import and has syntax too new or too deep to tell whether it calls import()');
  }
}

/** Anything but a syntax error, such as an exhausted stack, says nothing about where it is run. */
function compiles(text: string): boolean {
  try {
    void new Script(text);
    return true;
  } catch (error) {
    return !(error instanceof SyntaxError);
  }
}
