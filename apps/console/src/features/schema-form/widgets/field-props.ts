import type { WidgetProps } from '@rjsf/utils';

/** What every input of the form is given: its label, its help and its error tied to it. */
export function fieldProps(props: WidgetProps) {
  return {
    id: props.id,
    label: props.hideLabel === true ? undefined : props.label,
    'aria-label': props.hideLabel === true ? props.label : undefined,
    description: props.options.description ?? props.schema.description,
    required: props.required,
    disabled: props.disabled === true || props.readonly === true,
    placeholder: props.placeholder === '' ? undefined : props.placeholder,
    error: errorOf(props),
  };
}

export function errorOf(props: WidgetProps): string | undefined {
  return props.rawErrors === undefined || props.rawErrors.length === 0 ? undefined : props.rawErrors.join(' ');
}
