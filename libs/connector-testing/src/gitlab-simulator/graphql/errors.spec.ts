import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpFaultKind } from '../http/faults.js';
import { startAcme, type Acme } from '../testing/acme.js';
import { askGraphQl, postGraphQl } from './testing/ask-graphql.js';

describe('errors of GraphQL', () => {
  let acme: Acme;
  beforeAll(async () => {
    acme = await startAcme({ pathPrefix: '/gitlab' });
  });
  afterAll(async () => {
    await acme.gitlab.stop();
  });
  const ask = (query: string, variables: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
    askGraphQl(acme.gitlab, acme.token, query, variables, more);
  /** What a query that is not run is answered with: 200, and errors without data. */
  const errorsOf = async (query: string, variables: Record<string, unknown> = {}) => {
    const { status, body } = await ask(query, variables);
    expect([status, Object.keys(body)]).toEqual([200, ['errors']]);
    return body.errors;
  };
  const codesOf = async (query: string, variables: Record<string, unknown> = {}): Promise<unknown[]> =>
    (await errorsOf(query, variables)).map(({ extensions }: { extensions: { code: string } }) => extensions.code);

  it('names an unknown field, with the place and a hint', async () => {
    expect(
      await errorsOf('query Look { project(fullPath: "acme/web") { id ...More } }\nfragment More on Project { nam }'),
    ).toEqual([
      {
        message: "Field 'nam' doesn't exist on type 'Project' (Did you mean `name`?)",
        locations: [{ line: 2, column: 28 }],
        path: ['fragment More', 'nam'],
        extensions: { code: 'undefinedField', typeName: 'Project', fieldName: 'nam' },
      },
    ]);
    const [{ message, path }] = await errorsOf('query Look { p: project(fullPath: "a") { approvalsRequired } }');
    expect(message).toBe("Field 'approvalsRequired' doesn't exist on type 'Project'");
    expect(path).toEqual(['query Look', 'p', 'approvalsRequired']);
  });

  it('names an argument that is unknown, missing, or of a wrong kind', async () => {
    const inProject = (field: string): string => `{ project(fullPath: "acme/web") { ${field} { count } } }`;
    expect(await errorsOf(inProject('mergeRequests(youngerThan: 1)'))).toEqual([
      {
        message: "Field 'mergeRequests' doesn't accept argument 'youngerThan'",
        locations: [{ line: 1, column: 49 }],
        path: ['query', 'project', 'mergeRequests', 'youngerThan'],
        extensions: {
          code: 'argumentNotAccepted',
          name: 'mergeRequests',
          typeName: 'Field',
          argumentName: 'youngerThan',
        },
      },
    ]);
    expect(await errorsOf(inProject('mergeRequests(sort: NEWEST)'))).toMatchObject([
      {
        message:
          "Argument 'sort' on Field 'mergeRequests' has an invalid value (NEWEST). Expected type 'MergeRequestSort'.",
        extensions: { code: 'argumentLiteralsIncompatible', typeName: 'Field', argumentName: 'sort' },
      },
    ]);
    expect(await errorsOf(inProject('pipelines(updatedAfter: "yesterday")'))).toMatchObject([
      { extensions: { code: 'argumentLiteralsIncompatible', argumentName: 'updatedAfter' } },
    ]);
    expect(await errorsOf('{ project { id } }')).toMatchObject([
      {
        message: "Field 'project' is missing required arguments: fullPath",
        extensions: { code: 'missingRequiredArguments', className: 'Field', name: 'project', arguments: 'fullPath' },
      },
    ]);
  });

  it('names variables that are unused, undeclared, of an unknown type, or of another type than needed', async () => {
    expect(await errorsOf('query Look($n: Int) { currentUser { id } }')).toMatchObject([
      {
        message: 'Variable $n is declared by Look but not used',
        extensions: { code: 'variableNotUsed', variableName: 'n' },
      },
    ]);
    expect(await errorsOf('query Look { projects(first: $n) { count } }')).toMatchObject([
      {
        message: 'Variable $n is used by Look but not declared',
        extensions: { code: 'variableNotDefined', variableName: 'n' },
      },
    ]);
    expect(await errorsOf('query Look($n: Number) { projects(first: $n) { count } }')).toContainEqual(
      expect.objectContaining({
        message: "Number isn't a defined input type (on $n)",
        extensions: { code: 'variableRequiresValidType', typeName: 'Number', variableName: 'n' },
      }),
    );
    expect(await errorsOf('query Look($n: String) { projects(first: $n) { count } }')).toMatchObject([
      {
        message: 'Type mismatch on variable $n and argument first (String / Int)',
        extensions: { code: 'variableMismatch', variableName: 'n', typeName: 'String', argumentName: 'first' },
      },
    ]);
    // The ids of container repositories have a type of their own.
    expect(await codesOf('query Look($id: ID!) { containerRepository(id: $id) { id } }')).toEqual(['variableMismatch']);
  });

  it('names fragments that are unused, unknown, or on an unknown type, and selections that are too much or too few', async () => {
    expect(await codesOf('{ currentUser { id } } fragment More on Project { id }')).toEqual(['useAndDefineFragment']);
    expect(await codesOf('{ currentUser { ...More } }')).toEqual(['useAndDefineFragment']);
    expect(await errorsOf('{ currentUser { ... on Employee { id } } }')).toMatchObject([
      { message: "No such type Employee, so it can't be a fragment condition", extensions: { code: 'undefinedType' } },
    ]);
    expect(await errorsOf('{ currentUser }')).toMatchObject([
      { extensions: { code: 'selectionMismatch', nodeName: "field 'currentUser'", typeName: 'CurrentUser' } },
    ]);
    expect(await codesOf('{ currentUser { id { number } } }')).toEqual(['selectionMismatch']);
  });

  it('lists five errors at most', async () => {
    expect(await codesOf('{ currentUser { a b c d e f g } }')).toHaveLength(5);
  });

  it('tells where a text cannot be read', async () => {
    expect(await errorsOf('{ currentUser { id ')).toMatchObject([
      { message: expect.stringContaining('[1, 20]'), locations: [{ line: 1, column: 20 }] },
    ]);
    expect(await errorsOf('')).toEqual([{ message: 'No query string was present' }]);
  });

  it('needs to know which of several operations is meant, and runs no mutations', async () => {
    const two = 'query A { currentUser { id } } query B { metadata { version } }';
    expect(await errorsOf(two)).toEqual([{ message: 'An operation name is required' }]);
    expect((await ask(two, {}, { operationName: 'B' })).body).toEqual({ data: { metadata: { version: '18.5.1-ee' } } });
    expect((await ask(two, {}, { operationName: 'C' })).body).toEqual({
      errors: [{ message: 'No operation named "C"' }],
    });
    expect(await errorsOf('mutation Change { x }')).toEqual([{ message: 'Schema is not configured for mutations' }]);
  });

  it('refuses a value that does not fit its variable', async () => {
    const tags = 'query Tags($id: ContainerRepositoryID!) { containerRepository(id: $id) { id } }';
    expect(await errorsOf(tags, { id: 'gid://gitlab/Project/1' })).toMatchObject([
      {
        message: 'Variable $id of type ContainerRepositoryID! was provided invalid value',
        extensions: {
          value: 'gid://gitlab/Project/1',
          problems: [{ explanation: expect.stringContaining('does not represent an instance of ContainerRepository') }],
        },
      },
    ]);
    expect(await errorsOf(tags)).toMatchObject([{ extensions: { value: null } }]);
    expect((await ask(tags, {}, { variables: '{"id":"gid://gitlab/ContainerRepository/9"}' })).body).toEqual({
      data: { containerRepository: null },
    });
  });

  it('answers 422 to a text of more than 10,000 characters and to variables that are none, 400 to what is no JSON', async () => {
    const long = (length: number): string => `{ currentUser { id } }${'#'.repeat(length - 22)}`;
    expect((await ask(long(10_000))).status).toBe(200);
    const tooLong = await ask(long(10_001));
    expect([tooLong.status, tooLong.body]).toEqual([422, { errors: [{ message: 'Query too large' }] }]);
    expect((await ask('{ currentUser { id } }', {}, { variables: [1] })).status).toBe(422);
    expect((await ask('{ currentUser { id } }', {}, { variables: '{' })).status).toBe(422);
    expect((await postGraphQl(acme.gitlab, acme.token, '{')).status).toBe(400);
  });

  it('refuses what is too complex or too deep, and runs nothing of it', async () => {
    const nested = (depth: number): string =>
      depth === 0 ? 'id' : `mergeRequests(first: 1) { nodes { project { ${nested(depth - 1)} } } }`;
    const deep = (depth: number): string => `{ project(fullPath: "acme/web") { ${nested(depth)} } }`;
    expect((await ask(deep(6))).body.errors).toBeUndefined();
    expect(await errorsOf(deep(7))).toEqual([{ message: 'Query has depth of 23, which exceeds max depth of 20' }]);
    const fields = Array.from({ length: 130 }, (_, index) => `f${index}: iid`).join(' ');
    const wide = `{ project(fullPath: "acme/web") { mergeRequests { nodes { ${fields} } } } }`;
    expect(await errorsOf(wide)).toEqual([
      { message: 'Query has complexity of 267, which exceeds max complexity of 250' },
    ]);
    const administrator = acme.gitlab.world.tokens.create({ user: acme.gitlab.world.users.root });
    expect((await askGraphQl(acme.gitlab, administrator, wide)).body.errors).toBeUndefined();
    expect((await askGraphQl(acme.gitlab, undefined, wide)).body.errors[0].message).toContain('max complexity of 200');
  });

  it('weighs fragments that spread each other without end in sight, and at once', async () => {
    const levels = 60;
    const fragment = (level: number): string => {
      const inner = level === levels ? 'id' : `...L${level + 1}`;
      const list = (alias: string) => `${alias}: mergeRequests(first: 1) { nodes { project { ${inner} } } }`;
      return `fragment L${level} on Project { ${list('a')} ${list('b')} }`;
    };
    const fragments = Array.from({ length: levels + 1 }, (_, level) => fragment(level)).join(' ');
    const [deep, complex] = await errorsOf(`{ project(fullPath: "acme/web") { ...L0 } } ${fragments}`);
    expect(deep.message).toContain('Query has depth of 185,');
    expect(complex.message).toContain('Query has complexity of');
    const twice = Array.from(
      { length: 90 },
      (_, level) => `fragment F${level} on Project { ...F${level + 1} ...F${level + 1} }`,
    );
    const query = `{ project(fullPath: "acme/web") { ...F0 } } ${twice.join(' ')} fragment F90 on Project { path }`;
    expect((await ask(query)).body).toEqual({ data: { project: { path: 'web' } } });
  });

  it('fails in its own shape where a fault asks for it', async () => {
    const { gitlab } = acme;
    const answer = async (kind: HttpFaultKind) => {
      gitlab.faults.clear();
      gitlab.faults.add({ kind, times: 1, retryAfterSeconds: 7, match: { path: /graphql/ } });
      return ask('query Look { currentUser { username } }');
    };
    const shape = async (kind: HttpFaultKind) => {
      const { status, body } = await answer(kind);
      return [status, body?.errors[0].message];
    };
    expect(await shape('error500')).toEqual([500, 'Internal server error']);
    expect(await shape('unauthorized')).toEqual([401, 'Invalid token']);
    expect(await shape('forbidden')).toEqual([403, 'API not accessible for user']);
    expect((await answer('gitaly_overloaded')).headers.get('retry-after')).toBe('7');
    const limited = await answer('rate_limited');
    expect([limited.status, limited.text, limited.headers.get('retry-after')]).toEqual([429, 'Retry later\n', '7']);
    for (const [kind, status] of [
      ['bad_gateway_before', 502],
      ['bad_gateway_after', 502],
      ['unavailable', 503],
      ['html', 200],
    ] as const) {
      const { status: told, headers } = await answer(kind);
      expect([kind, told, headers.get('content-type')]).toEqual([kind, status, 'text/html; charset=utf-8']);
    }
    for (const kind of ['reset_before', 'reset_after', 'cut_body', 'truncated_json'] as const) {
      await expect(answer(kind)).rejects.toThrow();
    }
    gitlab.faults.clear();
    gitlab.faults.add({ kind: 'error500', match: { query: /operationName=Other/ } });
    expect((await ask('query Look { currentUser { id } }')).status).toBe(200);
    expect((await ask('query Other { currentUser { id } }')).status).toBe(500);
    gitlab.faults.clear();
  });

  it('writes down each request with the name of its operation', async () => {
    const { gitlab } = acme;
    const mark = gitlab.requests.mark();
    await ask('query Look { currentUser { id } }');
    await ask('query A { currentUser { id } } query B { currentUser { id } }', {}, { operationName: 'B' });
    await ask('{ currentUser { id } }');
    const logged = gitlab.requests.since(mark);
    expect(logged.map(({ operation }) => operation)).toEqual(['Look', 'B', undefined]);
    expect(logged[0]).toMatchObject({
      method: 'POST',
      path: '/api/graphql',
      endpoint: 'POST /api/graphql',
      status: 200,
    });
    expect(gitlab.requests.unexpected).toEqual([]);
  });
});
