/** Why the hub cannot start, said in whole sentences to the person who starts it. Printed without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
