/** A place as texts name it. */
export interface TextPlace {
  /** The instance's address, without a trailing slash. */
  readonly baseUrl: string;
  /** Readable name of the project in references and addresses. */
  readonly path: string;
  /** Its stable id, as newer addresses of uploads name it. */
  readonly projectId: string;
  /** The address of an issue of this place. */
  issueUrl(key: string): string;
}

/** What is known, at the time of a translation, about the things texts of one side name. */
export interface NameMap {
  /** The key, over there, of an issue of this place; undefined while it has no copy. */
  issue(key: string): string | undefined;
  /** The id, over there, of a comment of an issue of this place. */
  comment(issueKey: string, id: string): { issueKey: string; id: string } | undefined;
  /** The username, over there, of a user of this place. */
  user(username: string): string | undefined;
  /** How texts over there name an attachment of this place. */
  upload(reference: string): string | undefined;
}

/** One direction of translation. */
export interface TextMap {
  readonly from: TextPlace;
  readonly to: TextPlace;
  /** From `from` to `to`. */
  readonly names: NameMap;
}
