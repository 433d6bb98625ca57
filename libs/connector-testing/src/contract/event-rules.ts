import type { ChangeEvent, ConnectorMetadata, FieldType, JsonValue } from '@syncline/connector-sdk';

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** Why an event breaks what metadata.json says; empty where it does not. */
export function eventFaults(event: ChangeEvent, metadata: ConnectorMetadata, now: Date): string[] {
  const faults: string[] = [];
  const fault = (reason: string): void => {
    faults.push(`${event.eventId}: ${reason}`);
  };
  if (event.eventId.trim() === '') fault('the event id is empty');
  if (event.title.trim() === '') fault('the title is empty');
  if (event.status.trim() === '') fault('the status is empty');
  if (event.project.id === '' || event.project.path === '') fault('the project has no id or path');
  if (event.url !== undefined && !/^https?:\/\//.test(event.url)) fault(`the url is not absolute: ${event.url}`);
  if (event.author === '') fault('the author is an empty text instead of absent');
  if (Number.isNaN(event.occurredAt.getTime())) fault('occurredAt is not a time');
  if (event.occurredAt > now) fault(`occurredAt ${event.occurredAt.toISOString()} lies in the future`);
  for (const { status, at } of event.transitions ?? []) {
    if (Number.isNaN(at.getTime())) fault(`the transition to ${status} has no time`);
    else if (at > now) fault(`the transition to ${status} at ${at.toISOString()} lies in the future`);
  }
  const type = metadata.eventTypes.find(({ name }) => name === event.eventType);
  if (type === undefined) {
    fault(`metadata.json does not declare the event type ${event.eventType}`);
    return faults;
  }
  const fields = new Map(type.fields.map((field) => [field.name, field.type as FieldType]));
  for (const [name, value] of Object.entries(event.metadata)) {
    const declared = fields.get(name);
    if (declared === undefined) fault(`metadata.json does not declare the field ${event.eventType}.${name}`);
    else if (!holds(declared, value)) fault(`${name} should be a ${declared} and is ${JSON.stringify(value)}`);
  }
  return faults;
}

function holds(type: FieldType, value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'seconds':
    case 'bytes':
      return typeof value === 'number' && Number.isFinite(value) && value >= 0;
    case 'datetime':
      return typeof value === 'string' && isoTime.test(value);
    case 'url':
      return typeof value === 'string' && /^https?:\/\//.test(value);
    case 'string[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'object[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
  }
}
