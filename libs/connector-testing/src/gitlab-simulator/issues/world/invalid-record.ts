/** What GitLab's models refuse, by field: `{title: ["is too long (maximum is 255 characters)"]}`. Nothing was changed. */
export class InvalidRecord extends Error {
  override readonly name = 'InvalidRecord';

  constructor(readonly messages: Readonly<Record<string, readonly string[]>>) {
    super(JSON.stringify(messages));
  }
}
