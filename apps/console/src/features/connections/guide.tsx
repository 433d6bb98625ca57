import { Text } from '@mantine/core';
import Markdown from 'markdown-to-jsx/react';

const options = {
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: { a: { props: { target: '_blank', rel: 'noopener noreferrer' } } },
};

/** A connector's own instructions. Markdown only: HTML in it is shown as text. */
export function Guide({ markdown }: { markdown: string }) {
  if (markdown.trim() === '') {
    return (
      <Text size="sm" c="dimmed">
        This connector brings no guide.
      </Text>
    );
  }
  return (
    <div className="guide">
      <Markdown options={options}>{markdown}</Markdown>
    </div>
  );
}
