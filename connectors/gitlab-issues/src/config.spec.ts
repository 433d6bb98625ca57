import { describe, expect, it } from '@jest/globals';
import { issueFieldNames, type ConnectorError } from '@syncline/connector-sdk';
import { readSettings, type GitLabIssuesConfig } from './config.js';
import { metadata } from './testing/pair-world.js';

const instance = {
  id: 'i',
  kind: 'gitlab',
  name: 'GitLab',
  baseUrl: 'https://gl.example',
  credentials: { token: 'glpat-x1' },
};
const sides = { source: { instance, project: 'a/b' }, target: { instance, project: 7 } };

function settings(config: Partial<GitLabIssuesConfig> = {}): ReturnType<typeof readSettings> {
  return readSettings({ ...sides, ...config });
}

function refusal(config: Partial<GitLabIssuesConfig>): ConnectorError {
  try {
    settings(config);
  } catch (error) {
    return error as ConnectorError;
  }
  throw new Error('it was taken');
}

describe('the config', () => {
  it('without choices syncs everything one way, asks in conflicts and severs on deletion', () => {
    expect(settings()).toMatchObject({
      written: ['right'],
      policy: {
        fields: Object.fromEntries(issueFieldNames.map((name) => [name, 'toRight'])),
        creates: 'toRight',
        comments: 'toRight',
        attachments: true,
        confidential: 'preserve',
        conflicts: 'ask',
        granularity: 'field',
        match: 'marker',
        onDelete: 'sever',
        onMove: 'follow',
        onCommentDelete: 'keep',
        unmappedUsers: 'unassigned',
      },
    });
    expect(settings().policy).not.toHaveProperty('filter');
  });

  it('has the defaults that metadata.json shows', () => {
    const properties = metadata.configSchema['properties'] as Record<string, { default?: unknown } | undefined>;
    const shown = Object.fromEntries(
      Object.entries(properties).flatMap(([name, property]) =>
        property?.default === undefined ? [] : [[name, property.default]],
      ),
    );
    expect(settings(shown)).toEqual(settings());
  });

  it('both ways writes to both sides', () => {
    const { written, policy } = settings({ bidirectional: true, comments: false, onCommentDelete: 'delete' });
    expect(written).toEqual(['left', 'right']);
    expect(policy).toMatchObject({ creates: 'both', fields: { title: 'both' }, onCommentDelete: 'delete' });
    expect(policy).not.toHaveProperty('comments');
  });

  it('takes lists as one text, and a filter in any of its parts', () => {
    const { policy } = settings({
      fields: 'title, labels,,title',
      filter: { labels: 'bug, urgent', state: 'opened', createdAfter: '2026-01-31' },
    });
    expect(Object.keys(policy.fields)).toEqual(['title', 'labels']);
    expect(policy.filter).toEqual({
      labels: ['bug', 'urgent'],
      notLabels: [],
      state: 'opened',
      createdAfter: '2026-01-31T00:00:00.000Z',
    });
  });

  it.each([
    ['an unknown field', { fields: ['title', 'colour'] }, '/config/fields', 'no field colour'],
    ['a date that is none', { filter: { createdAfter: '2026-99-99' } }, '/config/filter/createdAfter', 'not a date'],
    ['a label wanted and not', { filter: { labels: ['a'], notLabels: 'a' } }, '/config/filter/notLabels', 'label a'],
  ])('with %s is refused at that key', (_, config, path, words) => {
    const error = refusal(config);
    expect(error).toMatchObject({ kind: 'config', path });
    expect(error.message).toContain(words);
    expect(error.hint).toBeTruthy();
  });
});
