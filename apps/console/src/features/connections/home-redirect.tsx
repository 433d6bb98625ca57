import { Redirect } from 'wouter';
import { QueryView } from '../../layout/query-view.js';
import { useConnections } from './connections.js';

/** The start page: how everything fares, or, with nothing connected yet, what can be connected. */
export function HomeRedirect() {
  return (
    <QueryView query={useConnections()} what="the connections">
      {(connections) => <Redirect to={connections.length > 0 ? '/dashboard' : '/catalog'} replace />}
    </QueryView>
  );
}
