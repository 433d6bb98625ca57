import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from './icons.js';

interface SearchFieldProps {
  value: string;
  /** What is searched. */
  placeholder: string;
  onChange: (value: string) => void;
}

const settleMs = 300;

/** Searches when typing pauses, or at once on Enter. */
export function SearchField({ value, placeholder, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  useEffect(() => {
    // The address changed by other means: Back, or "clear".
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (next: string) => {
    clearTimeout(timer.current);
    sent.current = next;
    onChange(next);
  };
  return (
    <TextInput
      label="Search"
      type="search"
      placeholder={placeholder}
      leftSection={<Icon name="search" />}
      style={{ flex: '2 1 15rem' }}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => send(next), settleMs);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send(text);
      }}
    />
  );
}
