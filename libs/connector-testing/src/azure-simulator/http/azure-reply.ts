import { jsonReply, Refusal, type Reply } from '../../gitlab-simulator/http/reply.js';

/** The one shape of errors; clients branch on `typeKey`. */
export function azureError(status: number, typeKey: string, message: string): Refusal {
  const typeName = `Microsoft.TeamFoundation.${typeKey}, Microsoft.TeamFoundation`;
  return new Refusal(
    jsonReply({ $id: '1', innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 }, status, {
      'Content-Type': 'application/json; charset=utf-8; api-version=7.1',
    }),
  );
}

export function collectionReply(value: readonly unknown[], headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonReply({ count: value.length, value }, 200, headers);
}

export const noSuchProject = (name: string): Refusal =>
  azureError(
    404,
    'ProjectDoesNotExistWithNameException',
    `TF200016: The following project does not exist: ${name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
  );

export const noSuchRepository = (name: string): Refusal =>
  azureError(
    404,
    'GitRepositoryNotFoundException',
    `TF401019: The Git repository with name or identifier ${name} does not exist or you do not have permissions for the operation you are attempting.`,
  );

/** The HTML that a browser would be shown. */
export function signInPage(status: number): Reply {
  const body =
    '<!DOCTYPE html>\r\n<html lang="en-US"><head><title>Azure DevOps Services | Sign In</title></head></html>\r\n';
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** Azure shows seven digits behind the second. */
export const azureDate = (date: Date): string => date.toISOString().replace('Z', '0000Z');
