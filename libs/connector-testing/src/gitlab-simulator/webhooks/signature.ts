import { createHmac } from 'node:crypto';

/**
 * The Standard Webhooks signature over the raw body. The key is the base64 part of `whsec_<base64>`.
 * @param timestamp Unix seconds.
 */
export function signWebhook(signingToken: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(signingToken.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
