import { describe, expect, it } from '@jest/globals';
import { checkFieldValue } from './conflict-values.js';

describe('a value for a field', () => {
  it.each([
    ['title', ' Saw ', 'Saw'],
    ['title', ` ${'x'.repeat(255)} `, 'x'.repeat(255)],
    ['description', '', ''],
    ['description', null, ''],
    ['description', 'a\nb', 'a\nb'],
    ['state', 'closed', 'closed'],
    ['labels', ['b', 'a', ' b '], ['a', 'b']],
    ['labels', null, []],
    ['assignees', [], []],
    ['milestone', 'v1 ', 'v1'],
    ['milestone', null, null],
    ['dueDate', '2024-02-29', '2024-02-29'],
    ['dueDate', null, null],
    ['confidential', false, false],
    ['weight', 0, 0],
    ['weight', null, null],
    ['severity', 'high', 'high'],
    ['severity', ['b', 'a'], ['a', 'b']],
  ])('%s may be %j', (field, value, stored) => {
    expect(checkFieldValue(field, value)).toEqual({ value: stored });
  });

  it.each([
    ['title', '  '],
    ['title', null],
    ['title', 'a\nb'],
    ['title', 'x'.repeat(256)],
    ['milestone', 'x'.repeat(256)],
    ['labels', ['a', 'x'.repeat(256)]],
    ['description', 7],
    ['state', 'open'],
    ['state', null],
    ['labels', 'a, b'],
    ['labels', ['a', 7]],
    ['labels', ['']],
    ['milestone', ''],
    ['dueDate', '2023-02-29'],
    ['dueDate', '2024-02-29T00:00:00Z'],
    ['dueDate', ''],
    ['confidential', 'yes'],
    ['confidential', null],
    ['weight', -1],
    ['weight', 1.5],
    ['weight', '3'],
    ['severity', { a: 1 }],
    ['toString', { a: 1 }],
  ])('%s may not be %j', (field, value) => {
    expect(checkFieldValue(field, value)).toEqual({ fault: expect.stringMatching(/^must /) });
  });
});
