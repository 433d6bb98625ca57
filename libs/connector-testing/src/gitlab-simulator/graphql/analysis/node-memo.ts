import type { ASTNode } from 'graphql';

/**
 * Remembers a value per group of nodes. A fragment that is spread in many places is worked on once; a few short fragments
 * that spread each other twice would otherwise be more work than any server has time for.
 */
export class NodeMemo<T> {
  private readonly numbers = new Map<ASTNode, number>();
  private readonly values = new Map<string, T>();

  of(nodes: readonly ASTNode[], compute: () => T): T {
    const key = nodes.map((node) => this.numberOf(node)).join();
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const value = compute();
    this.values.set(key, value);
    return value;
  }

  private numberOf(node: ASTNode): number {
    const number = this.numbers.get(node) ?? this.numbers.size;
    this.numbers.set(node, number);
    return number;
  }
}
