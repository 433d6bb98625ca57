import { Anchor, type AnchorProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** Leads to a remote system. What is no web address is shown as text: it came from there. */
export function ExternalLink({ href, children, ...props }: { href?: string; children: ReactNode } & AnchorProps) {
  if (href === undefined || !/^https?:\/\//i.test(href)) return <span className="wrap-anywhere">{children}</span>;
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" size="sm" className="wrap-anywhere" {...props}>
      {children}
    </Anchor>
  );
}
