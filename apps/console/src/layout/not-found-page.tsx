import { EmptyState } from './empty-state.js';
import { ButtonLink } from './link.js';
import { PageHeader } from './page-header.js';

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Page not found" />
      <EmptyState title="There is no page at this address" action={<ButtonLink to="/">Go to the start</ButtonLink>}>
        It may have been moved, or the thing it showed was deleted.
      </EmptyState>
    </>
  );
}
