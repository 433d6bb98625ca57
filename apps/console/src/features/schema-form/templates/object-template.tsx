import { Fieldset, Stack, Text } from '@mantine/core';
import type { ObjectFieldTemplateProps } from '@rjsf/utils';
import { isJsonObject } from '../../../api/json.js';
import { isShown, propertiesOf, textOf } from '../schema-types.js';

/** Fields in their order, those of an `x-group` together under its name; fields whose condition is not met are left out. */
export function ObjectTemplate({
  title,
  description,
  properties,
  schema,
  formData,
  fieldPathId,
}: ObjectFieldTemplateProps) {
  const declared = propertiesOf(schema);
  const data = isJsonObject(formData) ? formData : undefined;
  const shown = properties.filter((property) => !property.hidden && isShown(property.name, declared, data));
  const groups = new Map<string, typeof shown>();
  for (const property of shown) {
    const group = textOf(declared[property.name] ?? {}, 'x-group') ?? '';
    groups.set(group, [...(groups.get(group) ?? []), property]);
  }
  const body = (
    <Stack>
      {description !== undefined && description !== '' && (
        <Text size="sm" c="dimmed">
          {description}
        </Text>
      )}
      {[...groups].map(([group, fields]) =>
        group === '' ? (
          fields.map((field) => <div key={field.name}>{field.content}</div>)
        ) : (
          <Fieldset key={group} legend={group}>
            <Stack>
              {fields.map((field) => (
                <div key={field.name}>{field.content}</div>
              ))}
            </Stack>
          </Fieldset>
        ),
      )}
    </Stack>
  );
  if (fieldPathId.path.length === 0 || title === '') return <div id={fieldPathId.$id}>{body}</div>;
  return (
    <Fieldset id={fieldPathId.$id} legend={title}>
      {body}
    </Fieldset>
  );
}
