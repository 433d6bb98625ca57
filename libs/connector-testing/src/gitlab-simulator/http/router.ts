import type { Call } from './call.js';
import type { Reply } from './reply.js';

export type Handler = (call: Call) => Reply | Promise<Reply>;

export interface Route {
  readonly method: string;
  /** `/projects/:id/merge_requests`. */
  readonly pattern: string;
  readonly handler: Handler;
  /** CI job tokens are accepted on few routes only. */
  readonly jobTokens: boolean;
  /** Tokens with `read_user` alone may call it. */
  readonly readUser: boolean;
}

export interface Match {
  readonly route: Route;
  readonly parts: Readonly<Record<string, string>>;
}

interface Node {
  readonly fixed: Map<string, Node>;
  variable: Node | undefined;
  readonly routes: Map<string, Route>;
}

/** Finds the route of a path in one walk. Fixed words win over variables. */
export class Router {
  private readonly root = emptyNode();

  add(
    method: string,
    pattern: string,
    handler: Handler,
    options: { jobTokens?: boolean; readUser?: boolean } = {},
  ): this {
    let node = this.root;
    for (const word of pattern.split('/').slice(1)) {
      if (word.startsWith(':')) {
        node.variable ??= emptyNode();
        node = node.variable;
      } else {
        const next = node.fixed.get(word) ?? emptyNode();
        node.fixed.set(word, next);
        node = next;
      }
    }
    const { jobTokens = false, readUser = false } = options;
    node.routes.set(method, { method, pattern, handler, jobTokens, readUser });
    return this;
  }

  get(pattern: string, handler: Handler, options: { jobTokens?: boolean; readUser?: boolean } = {}): this {
    return this.add('GET', pattern, handler, options);
  }

  /** `wrong-method` where the path exists for other verbs. */
  match(method: string, path: string): Match | 'wrong-method' | undefined {
    const words = path.split('/').slice(1);
    const node = walk(this.root, words, 0);
    if (node === undefined) return undefined;
    const route = node.routes.get(method === 'HEAD' ? 'GET' : method);
    if (route === undefined) return 'wrong-method';
    const parts: Record<string, string> = {};
    route.pattern
      .split('/')
      .slice(1)
      .forEach((word, index) => {
        if (word.startsWith(':')) parts[word.slice(1)] = decode(words[index] ?? '');
      });
    return { route, parts };
  }
}

function walk(node: Node, words: readonly string[], at: number): Node | undefined {
  const word = words[at];
  if (word === undefined) return node.routes.size > 0 ? node : undefined;
  const fixed = node.fixed.get(word);
  const found = fixed === undefined ? undefined : walk(fixed, words, at + 1);
  if (found !== undefined) return found;
  return node.variable === undefined || word === '' ? undefined : walk(node.variable, words, at + 1);
}

function emptyNode(): Node {
  return { fixed: new Map(), variable: undefined, routes: new Map() };
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
