import { normaliseBaseUrl } from '../instances/base-url.js';
import type { EnvironmentReader } from './environment.js';

/** A connection from a GitLab project to an Azure DevOps repository, as variables describe it. Holds secrets. */
export interface AzureEnvironment {
  readonly gitLab: { readonly baseUrl: string; readonly token: string };
  /** Path or id. */
  readonly gitLabProject: string;
  readonly webhookSecret?: string;
  readonly azure: { readonly baseUrl: string; readonly token: string };
  readonly azureProject: string;
  readonly azureRepository: string;
}

/** `GITLAB_URL` means other things too, so that it alone asks for nothing. */
const asking = [
  'GITLAB_ACCESS_TOKEN',
  'GITLAB_PROJECT_ID',
  'AZURE_DEVOPS_URL',
  'AZURE_DEVOPS_TOKEN',
  'AZURE_DEVOPS_PROJECT',
  'AZURE_DEVOPS_REPO',
];
const required = ['GITLAB_URL', ...asking];
const SECRET = 'GITLAB_WEBHOOK_SECRET';

/** Undefined where none of the variables is set, or where something is wrong with them: the reader's problems say what. */
export function readAzureEnvironment(reader: EnvironmentReader): AzureEnvironment | undefined {
  const isSet = (name: string) => (reader.text(name) ?? reader.text(`${name}_FILE`)) !== undefined;
  if (![...asking, SECRET].some(isSet)) return undefined;
  const missing = required.filter((name) => !isSet(name));
  if (missing.length > 0) {
    const given = [...required, SECRET].filter(isSet);
    reader.problems.push(
      `${listed(given)} ${given.length === 1 ? 'is' : 'are'} set, but ${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} not: a connection to Azure DevOps needs all of ${listed(required)}. Set them all or none.`,
    );
  }
  const gitLabUrl = readUrl(reader, 'GITLAB_URL');
  const azureUrl = readUrl(reader, 'AZURE_DEVOPS_URL');
  const gitLabToken = readSecret(reader, 'GITLAB_ACCESS_TOKEN');
  const azureToken = readSecret(reader, 'AZURE_DEVOPS_TOKEN');
  const webhookSecret = readSecret(reader, SECRET);
  const gitLabProject = reader.text('GITLAB_PROJECT_ID');
  const azureProject = reader.text('AZURE_DEVOPS_PROJECT');
  const azureRepository = reader.text('AZURE_DEVOPS_REPO');
  if (!gitLabUrl || !azureUrl || !gitLabToken || !azureToken) return undefined;
  if (!gitLabProject || !azureProject || !azureRepository) return undefined;
  return {
    gitLab: { baseUrl: gitLabUrl, token: gitLabToken },
    gitLabProject,
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    azure: { baseUrl: azureUrl, token: azureToken },
    azureProject,
    azureRepository,
  };
}

/** The value is not repeated: a copied clone address may hold a user or a password. */
function readUrl(reader: EnvironmentReader, name: string): string | undefined {
  const text = reader.text(name);
  if (text === undefined) return undefined;
  const parsed = normaliseBaseUrl(text);
  if ('baseUrl' in parsed) return parsed.baseUrl;
  reader.problems.push(`${name} ${parsed.problem}.`);
  return undefined;
}

function readSecret(reader: EnvironmentReader, name: string): string | undefined {
  const secret = reader.secret(name);
  if (secret === undefined || !/\p{Cc}/u.test(secret)) return secret;
  reader.problems.push(`${name} must be a single line.`);
  return undefined;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
