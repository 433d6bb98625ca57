import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/http.js';
import { ApiError } from '../../api/problem.js';
import { queryKeys } from '../../api/query-keys.js';

export interface Session {
  name: string;
}

/** The session of this browser; null: nobody is logged in. The cookie itself is out of reach of scripts. */
export function useSession() {
  return useQuery({
    queryKey: queryKeys.session,
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await request<Session>('GET', '/api/session', { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}

/** Exchanges the token for a cookie. The token is kept nowhere in the browser. */
export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => request<undefined>('POST', '/api/session', { body: { token } }),
    onSuccess: () =>
      client.fetchQuery({
        queryKey: queryKeys.session,
        queryFn: () => request<Session>('GET', '/api/session'),
        // Whatever was known a moment ago, it was before this.
        staleTime: 0,
      }),
  });
}

/** Ends the session and loads the page anew, so that nothing that was read stays in memory. */
export function useLogout() {
  return useMutation({
    mutationFn: () => request<undefined>('DELETE', '/api/session'),
    onSuccess: () => window.location.assign('/login'),
  });
}
