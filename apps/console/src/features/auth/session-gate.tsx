import { Container } from '@mantine/core';
import type { ReactNode } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { QueryView } from '../../layout/query-view.js';
import { useSession } from './session.js';

/** Shows its children to whoever is logged in; everybody else logs in first and then comes back here. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  const [location] = useLocation();
  const search = useSearch();
  if (session.data) return <>{children}</>;
  return (
    <Container size="xs" py="xl">
      <QueryView query={session} what="the session">
        {() => {
          const next = search === '' ? location : `${location}?${search}`;
          return <Redirect to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />;
        }}
      </QueryView>
    </Container>
  );
}
