import { TextLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { ConflictCard } from './conflict-card.js';
import { useConflict } from './conflicts.js';

/** One conflict, at an address of its own. */
export function ConflictPage({ id }: { id: string }) {
  return (
    <>
      <PageHeader title="Conflict" description={<TextLink to="/conflicts">All open conflicts</TextLink>} />
      <QueryView query={useConflict(id)} what="the conflict">
        {(conflict) => <ConflictCard conflict={conflict} />}
      </QueryView>
    </>
  );
}
