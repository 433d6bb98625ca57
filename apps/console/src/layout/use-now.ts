import { useEffect, useState } from 'react';

/** The current time in milliseconds, renewed every `everyMs` while `ticking`. */
export function useNow(ticking = true, everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [ticking, everyMs]);
  return now;
}
