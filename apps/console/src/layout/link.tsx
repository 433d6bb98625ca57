import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

interface Target {
  to: string;
  children: ReactNode;
}

/** A link inside the console. */
export function TextLink({ to, children, ...props }: Target & AnchorProps) {
  return (
    <Anchor component={Link} href={to} {...props}>
      {children}
    </Anchor>
  );
}

/** A link that looks like a button: it has an address, so it is a link to the keyboard and the screen reader. */
export function ButtonLink({ to, children, ...props }: Target & ButtonProps) {
  return (
    <Button component={Link} href={to} {...props}>
      {children}
    </Button>
  );
}
