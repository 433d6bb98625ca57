/** Identifies a configured connection; a UUID. */
export type ConnectionId = string & { readonly __brand: 'ConnectionId' };
