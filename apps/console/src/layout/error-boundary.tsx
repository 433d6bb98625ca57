import { Button, Container } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { EmptyState } from './empty-state.js';

/**
 * Shown instead of an empty page when drawing one fails. The usual cause is an upgrade of the hub: the open page asks for
 * a part of itself that is no longer there, and loading it anew mends that.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Container size="sm" py="xl" role="alert">
        <EmptyState
          title="This page could not be shown"
          action={<Button onClick={() => window.location.reload()}>Load the page again</Button>}
        >
          The hub may have been upgraded while the page was open. If loading it again does not help, the browser&apos;s
          console has the details.
        </EmptyState>
      </Container>
    );
  }
}
