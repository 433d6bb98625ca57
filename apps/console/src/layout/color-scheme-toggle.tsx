import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from './icons.js';

const order = ['auto', 'light', 'dark'] as const;
const icons: Record<(typeof order)[number], IconName> = { auto: 'auto', light: 'sun', dark: 'moon' };

/** Steps through: as the system, light, dark. */
export function ColorSchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = order[(order.indexOf(colorScheme) + 1) % order.length] ?? 'auto';
  const label = `Color scheme: ${colorScheme}. Change to ${next}`;
  return (
    <ActionIcon variant="default" size="lg" aria-label={label} title={label} onClick={() => setColorScheme(next)}>
      <Icon name={icons[colorScheme]} />
    </ActionIcon>
  );
}
