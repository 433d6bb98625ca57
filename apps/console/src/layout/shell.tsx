import { AppShell, Burger, Button, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useLogout } from '../features/auth/session.js';
import { ColorSchemeToggle } from './color-scheme-toggle.js';

const sections = [
  { href: '/dashboard', label: 'Dashboard' },
  { href: '/timeline', label: 'Timeline' },
  { href: '/conflicts', label: 'Conflicts' },
  { href: '/links', label: 'Links' },
  { href: '/user-mappings', label: 'User mappings' },
  { href: '/connections', label: 'Connections' },
  { href: '/runs', label: 'Runs' },
  { href: '/logs', label: 'Logs' },
  { href: '/deliveries', label: 'Deliveries' },
  { href: '/instances', label: 'Instances' },
  { href: '/catalog', label: 'Catalog' },
];

/** Header, navigation, and the page. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure();
  const [location] = useLocation();
  const logout = useLogout();
  useEffect(() => {
    close();
    window.scrollTo(0, 0);
  }, [location, close]);
  return (
    <AppShell
      header={{ height: 54 }}
      navbar={{ width: 190, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a href="#page" className="skip-link">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={opened}
            />
            <Link href="/" className="plain-link" aria-label="Syncline, start page">
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" alt="" width={26} height={26} />
                <Text fw={700}>Syncline</Text>
              </Group>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorSchemeToggle />
            <Button variant="default" onClick={() => logout.mutate()} loading={logout.isPending}>
              Log out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Sections">
        {sections.map(({ href, label }) => {
          const active = location === href || location.startsWith(`${href}/`);
          return (
            <NavLink
              key={href}
              component={Link}
              href={href}
              label={label}
              active={active}
              aria-current={active ? 'page' : undefined}
              onClick={close}
              style={{ borderRadius: 'var(--mantine-radius-md)' }}
            />
          );
        })}
        <NavLink
          href="/docs"
          target="_blank"
          rel="noopener"
          label="API reference"
          mt="auto"
          c="dimmed"
          style={{ borderRadius: 'var(--mantine-radius-md)' }}
        />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1} style={{ outline: 'none' }}>
        <div style={{ maxWidth: 1280, margin: '0 auto' }}>{children}</div>
      </AppShell.Main>
    </AppShell>
  );
}
