import type { Instance } from '@syncline/connector-sdk';

/** What must not appear anywhere. */
export function secretsOf(instances: readonly Instance[]): readonly string[] {
  return instances.flatMap(({ credentials, proxyUrl }) => {
    const values = [credentials.token, credentials.password, credentials.apiKey];
    const proxyPassword = proxyUrl === undefined ? '' : decodeURIComponent(new URL(proxyUrl).password);
    return [...values, proxyPassword].filter((value): value is string => value !== undefined && value !== '');
  });
}
