import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { wrapScript } from '../script-wrapper.js';

/**
 * Compiles every text once in the life of the process, for all of its realms. A script of `vm` that has a hook for
 * `import()` is never given back by Node, so that one for each realm would also fill the memory.
 */
export class Compiler {
  readonly #folder: string;
  readonly #importRefusal: () => unknown;
  readonly #bundles = new Map<string, Script>();
  #script: { code: string; compiled: Script } | null = null;

  /**
   * `importRefusal` makes what an `import()` fails with that was overlooked (imports.ts turns them all into calls):
   * Node's own error would be one of the host's realm.
   */
  constructor(folder: string, importRefusal: () => unknown) {
    this.#folder = folder;
    this.#importRefusal = importRefusal;
  }

  /** One of the platform's bundles, an expression that answers a function without parameters. */
  bundle(name: string): Script {
    if (!/^[a-z0-9-]+$/.test(name)) throw new Error('No such bundle');
    const compiled = this.#bundles.get(name) ?? this.#compile(readFileSync(join(this.#folder, `${name}.js`), 'utf8'), `nango:${name}.js`);
    this.#bundles.set(name, compiled);
    return compiled;
  }

  /** A script's code as a CommonJS function. A process runs one script; only that is kept. */
  script(code: string): Script {
    if (this.#script?.code !== code) this.#script = { code, compiled: this.#compile(wrapScript(code), 'script.js') };
    return this.#script.compiled;
  }

  #compile(text: string, filename: string): Script {
    const importModuleDynamically = (): never => {
      throw this.#importRefusal();
    };
    return new Script(text, { filename, importModuleDynamically });
  }
}
