/** SDL of the connection and edge types of a node type. Types that are too dear to count have no `count`. */
export function connectionTypes(node: string, options: { counted?: boolean } = {}): string {
  return `
type ${node}Connection {
  ${options.counted === true ? 'count: Int!' : ''}
  edges: [${node}Edge]
  nodes: [${node}]
  pageInfo: PageInfo!
}

type ${node}Edge {
  cursor: String!
  node: ${node}
}
`;
}

/** SDL of the arguments that every connection takes. */
export const pageArguments = `
  after: String
  before: String
  first: Int
  last: Int
`;
