import { hookEntity, hookEventEntity } from '../entities/hook.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import type { Parameters } from '../http/parameters.js';
import { badParameter, badRequest, jsonReply, noContent, notFound, Refusal, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { isHookFlag, noHookFlags, type Hook, type HookEvent, type HookFlags } from '../model/hook.js';
import { accessLevels } from '../model/people.js';
import type { Project } from '../model/project.js';
import { alertStatus } from '../webhooks/hook-health.js';
import { hookMessage, sampleEvent } from '../webhooks/hook-message.js';
import type { HookSender } from '../webhooks/hook-sender.js';
import type { HookSettings } from '../world/hooks.js';
import { projectAsRole } from './access.js';

const base = '/projects/:id/hooks';

/** Project hooks are for maintainers. */
export function addHookRoutes(router: Router, sender: HookSender): void {
  router
    .get(base, (call) =>
      pageReply(call, listArray([...projectOf(call).hooks.values()]), (row) => JSON.stringify(shown(call, row))),
    )
    .add('POST', base, (call) => {
      const url = checkedUrl(call.parameters.required('url'));
      const flags = { push_events: true, ...flagsOf(call.parameters) };
      const hook = call.world.hooks.create(projectOf(call), { ...settingsOf(call.parameters), url, flags });
      return jsonReply(shown(call, hook), 201);
    })
    .get(`${base}/:hook_id`, (call) => jsonReply(shown(call, hookOf(call))))
    .add('PUT', `${base}/:hook_id`, update)
    .add('DELETE', `${base}/:hook_id`, (call) => {
      call.world.hooks.delete(projectOf(call), hookOf(call));
      return noContent;
    })
    .add('POST', `${base}/:hook_id/test/:trigger`, (call) => test(call, sender))
    .get(`${base}/:hook_id/events`, (call) => {
      const status = call.parameters.string('status');
      const rows = [...hookOf(call).events].reverse().filter((event) => matchesStatus(event, status));
      return pageReply(call, listArray(rows), (row) => JSON.stringify(hookEventEntity(row)));
    })
    .add('POST', `${base}/:hook_id/events/:event_id/resend`, async (call) => {
      const hook = hookOf(call);
      const id = call.numericPart('event_id');
      const event = hook.events.find((candidate) => candidate.id === id);
      if (event === undefined) throw notFound();
      const { responseStatus } = await sender.resend(hook, event);
      return jsonReply({ response_status: Number(responseStatus) || responseStatus }, 201);
    });
}

function projectOf(call: Call): Project {
  return projectAsRole(call, accessLevels.maintainer);
}

function hookOf(call: Call): Hook {
  const hook = projectOf(call).hooks.get(call.numericPart('hook_id'));
  if (hook === undefined) throw notFound();
  return hook;
}

function shown(call: Call, hook: Hook) {
  return hookEntity(hook, alertStatus(hook, call.world.core.clock.read()));
}

function update(call: Call): Reply {
  const hook = hookOf(call);
  const url = call.parameters.string('url');
  const settings = { ...settingsOf(call.parameters), flags: flagsOf(call.parameters) };
  call.world.hooks.update(hook, url === undefined ? settings : { ...settings, url: checkedUrl(url) });
  return jsonReply(shown(call, hook));
}

async function test(call: Call, sender: HookSender): Promise<Reply> {
  const hook = hookOf(call);
  const trigger = call.part('trigger');
  if (!isHookFlag(trigger) || trigger === 'deployment_events')
    throw badParameter('trigger does not have a valid value');
  const event = sampleEvent(call.site, projectOf(call), trigger);
  if (event === undefined) throw new Refusal(jsonReply({ message: 'Ensure the project has something to send.' }, 422));
  const { responseStatus } = await sender.test(hook, hookMessage(call.site, trigger, event));
  if (/^2/.test(responseStatus)) return jsonReply({ message: '201 Created' }, 201);
  throw new Refusal(jsonReply({ message: `Hook executed, but the receiver answered ${responseStatus}` }, 422));
}

function checkedUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw badRequest('Invalid url given');
  return url;
}

function settingsOf(parameters: Parameters): Partial<HookSettings> {
  const ssl = parameters.boolean('enable_ssl_verification');
  const filter = parameters.string('push_events_branch_filter');
  return {
    ...(parameters.has('token') ? { token: parameters.string('token') ?? null } : {}),
    ...(parameters.has('signing_token') ? { signingToken: parameters.string('signing_token') ?? null } : {}),
    ...(parameters.has('name') ? { name: parameters.string('name') ?? null } : {}),
    ...(parameters.has('description') ? { description: parameters.string('description') ?? null } : {}),
    ...(filter === undefined ? {} : { pushEventsBranchFilter: filter }),
    ...(ssl === undefined ? {} : { enableSslVerification: ssl }),
  };
}

function flagsOf(parameters: Parameters): Partial<HookFlags> {
  const flags: Partial<HookFlags> = {};
  for (const name of Object.keys(noHookFlags)) {
    const value = parameters.boolean(name);
    if (value !== undefined && isHookFlag(name)) flags[name] = value;
  }
  return flags;
}

/** A number, or `successful`, `client_failure`, `server_failure`. */
function matchesStatus(event: HookEvent, status: string | undefined): boolean {
  const first = { successful: '2', client_failure: '4', server_failure: '5' }[status ?? ''];
  return status === undefined || event.responseStatus === status || event.responseStatus.startsWith(first ?? '-');
}
