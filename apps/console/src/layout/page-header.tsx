import { Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  title: string;
  /** Shown instead of the plain title, e.g. with a logo. */
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

/** The page's one `h1`; also names the browser tab. */
export function PageHeader({ title, heading, description, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Syncline`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
      <Box style={{ flex: '1 1 18rem', minWidth: 0 }}>
        <Title order={1} size="h2" className="wrap-anywhere">
          {heading ?? title}
        </Title>
        {description !== undefined && (
          <Text c="dimmed" size="sm" component="div">
            {description}
          </Text>
        )}
      </Box>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
