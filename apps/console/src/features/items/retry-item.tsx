import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import { notifyError } from '../../layout/notify.js';
import { useBringItem, type WantedItem } from './items.js';

interface RetryItemProps {
  connectionId: string;
  item: WantedItem;
  label: string;
  size?: 'xs' | 'sm';
}

/** Goes to the run that looks at this one item. */
export function RetryItem({ connectionId, item, label, size = 'sm' }: RetryItemProps) {
  const bring = useBringItem(connectionId);
  const [, navigate] = useLocation();
  return (
    <Button
      size={size}
      variant="default"
      loading={bring.isPending}
      aria-label={`${label}: ${item.key}`}
      onClick={() =>
        bring.mutate(item, {
          onSuccess: ({ runId }) => navigate(`/runs/${runId}`),
          onError: (error) => notifyError(`${item.key} was not asked for`, error),
        })
      }
    >
      {label}
    </Button>
  );
}
