import { describe, expect, it } from '@jest/globals';
import { compileConfigSchema, explainErrors } from './json-schema.js';

function faultsOf(property: object, value: string): readonly string[] {
  const validate = compileConfigSchema({ type: 'object', properties: { day: { type: 'string', ...property } } });
  validate({ day: value });
  return explainErrors(validate.errors ?? []).map(({ path, message }) => `${path} ${message}`);
}

describe('a text that does not match its pattern', () => {
  it('is told of in the words that the field has for people', () => {
    const property = { pattern: '^\\d{4}-\\d\\d-\\d\\d$', 'x-help': 'For example 2026-01-31.' };
    expect(faultsOf(property, 'yesterday')).toEqual(['/day does not have the right form. For example 2026-01-31.']);
    expect(faultsOf(property, '2026-01-31')).toEqual([]);
  });

  it('is told of by the pattern where there are none', () => {
    expect(faultsOf({ pattern: '^a' }, 'b')).toEqual(['/day must match pattern "^a"']);
  });
});
