import { Kind, visit, type ASTNode, type DocumentNode } from 'graphql';

/** Where a node stands in its document, as GitLab's errors tell it: `["query Idle", "project", "id"]`. */
export type Paths = ReadonlyMap<ASTNode, readonly string[]>;

export function pathsOf(document: DocumentNode): Paths {
  const paths = new Map<ASTNode, readonly string[]>();
  const here: string[] = [];
  const named: boolean[] = [];
  visit(document, {
    enter: (node) => {
      const word = wordOf(node);
      if (word !== undefined) here.push(word);
      named.push(word !== undefined);
      paths.set(node, [...here]);
    },
    leave: () => {
      if (named.pop() === true) here.pop();
    },
  });
  return paths;
}

function wordOf(node: ASTNode): string | undefined {
  switch (node.kind) {
    case Kind.OPERATION_DEFINITION:
      return node.name === undefined ? node.operation : `${node.operation} ${node.name.value}`;
    case Kind.FRAGMENT_DEFINITION:
      return `fragment ${node.name.value}`;
    case Kind.INLINE_FRAGMENT:
      return node.typeCondition === undefined ? '...' : `... on ${node.typeCondition.name.value}`;
    case Kind.FRAGMENT_SPREAD:
      return `... ${node.name.value}`;
    case Kind.FIELD:
      return node.alias?.value ?? node.name.value;
    case Kind.ARGUMENT:
      return node.name.value;
    default:
      return undefined;
  }
}
