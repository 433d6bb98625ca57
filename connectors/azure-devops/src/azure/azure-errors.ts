import { ConnectorError, type ErrorKind, type HttpResponse } from '@syncline/connector-sdk';

interface Rule {
  readonly kind: ErrorKind;
  readonly says: (what: string) => string;
  readonly hint?: string;
}

const newToken = 'Create a personal access token for this organisation and put it into the instance.';

/** Status to kind; what needs a look into the body comes first. */
const rules: Readonly<Record<number, Rule>> = {
  400: { kind: 'permanent', says: (what) => `Azure DevOps refused ${what}` },
  401: {
    kind: 'auth',
    says: (what) => `Azure DevOps does not let the token ${what}`,
    hint: 'The token has expired, or lacks a scope: Code (read and write), and Build (read and execute) for pipelines.',
  },
  403: {
    kind: 'permanent',
    says: (what) => `Azure DevOps denies the account to ${what}`,
    hint: "The account's role in the project or the repository is too small.",
  },
  404: { kind: 'config', says: (what) => `Azure DevOps found nothing to ${what}` },
  409: { kind: 'permanent', says: (what) => `Azure DevOps reports a conflict when asked to ${what}` },
  429: { kind: 'rate_limit', says: () => 'Azure DevOps takes no more requests from this account at the moment' },
};

/** The error for an answer that is no success; undefined for JSON with 2xx. */
export function azureError({ status, headers, body }: HttpResponse, what: string): ConnectorError | undefined {
  const isHtml =
    (headers['content-type'] ?? '').includes('text/html') || (typeof body === 'string' && /^\s*</.test(body));
  // A token that does not work is answered with 203 or a redirect, and the page where people sign in.
  if (status === 203 || (status >= 300 && status < 400 && /_signin|login/i.test(headers['location'] ?? ''))) {
    return new ConnectorError('auth', 'Azure DevOps answered with its sign-in page: the token does not work.', {
      hint: `It has expired, was revoked, or belongs to another organisation. ${newToken}`,
      status,
    });
  }
  if (status >= 300 && status < 400) {
    return new ConnectorError('config', 'Azure DevOps redirects to another address, which was not followed.', {
      hint: 'Enter the address of the organisation or collection as it is now.',
      path: '/baseUrl',
      status,
    });
  }
  if (status >= 200 && status < 300) {
    if (!isHtml) return undefined;
    return new ConnectorError('config', 'This is not the interface of Azure DevOps: it answered with an HTML page.', {
      hint: 'Enter the address of the organisation (https://dev.azure.com/acme) or collection (https://tfs.example/tfs/DefaultCollection).',
      path: '/baseUrl',
      status,
    });
  }
  const { message, typeKey } = textOf(body);
  if (status === 404 && typeKey === undefined) {
    return new ConnectorError('config', 'There is no Azure DevOps at this address.', {
      hint: 'Enter the address of the organisation or collection, without project or repository.',
      path: '/baseUrl',
      status,
    });
  }
  const rule = rules[status] ?? {
    kind: status >= 500 ? ('transient' as const) : ('permanent' as const),
    says: (text: string) => `Azure DevOps could not ${text}`,
  };
  const detail = message === undefined ? `${status}` : `${status}: ${message}`;
  return new ConnectorError(rule.kind, `${rule.says(what)} (${detail}).`, {
    hint: rule.hint,
    status,
    ...(rule.kind === 'rate_limit' ? { retryAt: new Date(Date.now() + 60_000) } : {}),
  });
}

function textOf(body: unknown): { message?: string; typeKey?: string } {
  if (typeof body !== 'object' || body === null) return {};
  const fields: Partial<Record<string, unknown>> = { ...body };
  const { message, typeKey } = fields;
  return {
    ...(typeof message === 'string' && message !== '' ? { message: message.slice(0, 300).replace(/[.\s]+$/, '') } : {}),
    ...(typeof typeKey === 'string' ? { typeKey } : {}),
  };
}
