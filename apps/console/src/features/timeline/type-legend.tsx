import { ColorSwatch, Group, Text, UnstyledButton } from '@mantine/core';
import type { EventType } from '../../api/types.js';
import { typeColor, typeLabel } from './event-colors.js';

interface TypeLegendProps {
  counts: Readonly<Record<string, number>>;
  types: readonly EventType[];
  chosen: readonly string[];
  onToggle: (type: string) => void;
}

/** What the colours mean and how many there are of each; a click shows only those. */
export function TypeLegend({ counts, types, chosen, onToggle }: TypeLegendProps) {
  const names = [...new Set([...types.map((type) => type.name), ...Object.keys(counts)])].filter(
    (name) => (counts[name] ?? 0) > 0 || chosen.includes(name),
  );
  return (
    <Group gap="md" mt="xs" role="group" aria-label="Event types">
      {names.map((name) => (
        <UnstyledButton
          key={name}
          aria-pressed={chosen.includes(name)}
          onClick={() => onToggle(name)}
          style={{ opacity: chosen.length === 0 || chosen.includes(name) ? 1 : 0.5 }}
        >
          <Group gap={6} wrap="nowrap">
            <ColorSwatch color={`var(--mantine-color-${typeColor(name, types)}-6)`} size={10} withShadow={false} />
            <Text size="xs">
              {typeLabel(name, types)} {(counts[name] ?? 0).toLocaleString()}
            </Text>
          </Group>
        </UnstyledButton>
      ))}
    </Group>
  );
}
