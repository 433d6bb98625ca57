import { Button } from '@mantine/core';
import type { ArrayFieldTitleProps, IconButtonProps } from '@rjsf/utils';

/** The legend of a list of groups. */
export function ArrayTitleTemplate({ title, required }: ArrayFieldTitleProps) {
  return (
    <>
      {title}
      {required === true ? ' *' : ''}
    </>
  );
}

/** A button that says what it does, where the theme has a bare plus sign. */
export function AddButton({ id, disabled, onClick }: IconButtonProps) {
  return (
    <Button id={id} size="xs" variant="default" disabled={disabled} onClick={onClick}>
      Add
    </Button>
  );
}
