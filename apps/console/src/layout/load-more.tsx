import { Button, Center } from '@mantine/core';
import { useEffect, useRef } from 'react';

interface LoadMoreProps {
  hasMore: boolean;
  loading: boolean;
  onLoad: () => void;
  /** Also load when the button comes near the screen. */
  auto?: boolean;
}

/** The end of a list that goes on: a button for the keyboard, and on request by itself when scrolled into sight. */
export function LoadMore({ hasMore, loading, onLoad, auto = false }: LoadMoreProps) {
  const ref = useRef<HTMLDivElement>(null);
  const load = useRef(onLoad);
  useEffect(() => {
    load.current = onLoad;
  });
  useEffect(() => {
    const element = ref.current;
    if (!auto || !hasMore || loading || element === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) load.current();
      },
      { rootMargin: '400px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [auto, hasMore, loading]);
  if (!hasMore) return null;
  return (
    <Center ref={ref} py="md">
      <Button variant="default" onClick={onLoad} loading={loading}>
        Load more
      </Button>
    </Center>
  );
}
