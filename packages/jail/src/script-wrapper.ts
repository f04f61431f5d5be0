/** Stands for `import` where a script calls `import()`: as long, so that no position in the code moves. */
export const importStandIn = '$mport';

const opening = `(function (exports, require, module, ${importStandIn}) {`;

/** What is compiled of a script: an expression that is the CommonJS function around its code. */
export function wrapScript(code: string): string {
  return `${opening}${code}\n})`;
}

/** Where the code begins in {@link wrapScript}'s text. */
export const codeOffset = opening.length;
