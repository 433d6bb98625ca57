import { Group, Text } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { EventBin, EventType } from '../../api/types.js';
import { formatDateTime } from '../../layout/format-time.js';
import { typeColor } from './event-colors.js';

interface HistogramProps {
  bins: readonly EventBin[];
  types: readonly EventType[];
  onZoom: (from: string, to: string) => void;
}

const height = 80;
const gap = 0.12;

/** Events over time, a bar per span, stacked by type. A bar zooms to its span; the arrow keys walk along the bars. */
export function Histogram({ bins, types, onZoom }: HistogramProps) {
  const [focused, setFocused] = useState(0);
  const svg = useRef<SVGSVGElement>(null);
  const most = Math.max(1, ...bins.map((bin) => bin.total));
  const first = bins[0];
  const last = bins.at(-1);
  if (first === undefined || last === undefined) return null;

  const move = (event: KeyboardEvent, index: number) => {
    const bin = bins[index];
    if ((event.key === 'Enter' || event.key === ' ') && bin !== undefined) {
      event.preventDefault();
      onZoom(bin.start, endOf(bins, index));
    }
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: bins.length - 1 }[event.key];
    if (target === undefined || target < 0 || target >= bins.length) return;
    event.preventDefault();
    setFocused(target);
    svg.current?.querySelectorAll<SVGGElement>('.histogram-bar')[target]?.focus();
  };
  const tabStop = Math.min(focused, bins.length - 1);

  return (
    <div>
      <svg
        ref={svg}
        width="100%"
        height={height}
        viewBox={`0 0 ${bins.length} ${height}`}
        preserveAspectRatio="none"
        role="group"
        aria-label="Events over time"
        style={{ display: 'block' }}
      >
        {bins.map((bin, index) => {
          const label = `${formatDateTime(bin.start)} to ${formatDateTime(endOf(bins, index))}: ${bin.total.toLocaleString()} ${bin.total === 1 ? 'event' : 'events'}`;
          return (
            <g
              key={bin.start}
              className="histogram-bar"
              role="button"
              tabIndex={index === tabStop ? 0 : -1}
              aria-label={`${label}. Zoom in`}
              onClick={() => onZoom(bin.start, endOf(bins, index))}
              onKeyDown={(event) => move(event, index)}
              onFocus={() => setFocused(index)}
            >
              <title>{label}</title>
              <rect className="hit" x={index} y={0} width={1} height={height} />
              {stack(bin, most, types).map((part) => (
                <rect
                  key={part.type}
                  x={index + gap / 2}
                  y={height - part.top}
                  width={1 - gap}
                  height={part.size}
                  fill={`var(--mantine-color-${part.color}-6)`}
                />
              ))}
            </g>
          );
        })}
        <line
          x1={0}
          x2={bins.length}
          y1={height}
          y2={height}
          stroke="var(--mantine-color-default-border)"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <Group justify="space-between" mt={2}>
        <Text size="xs" c="dimmed">
          {formatDateTime(first.start)}
        </Text>
        <Text size="xs" c="dimmed">
          {formatDateTime(endOf(bins, bins.length - 1))}
        </Text>
      </Group>
    </div>
  );
}

/** The parts of a bar from the bottom up. A bar with anything in it is at least two pixels high. */
function stack(bin: EventBin, most: number, types: readonly EventType[]) {
  const rank = (name: string) => {
    const index = types.findIndex((type) => type.name === name);
    return index < 0 ? types.length : index;
  };
  const entries = Object.entries(bin.byType).filter(([, count]) => count > 0);
  entries.sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
  const scale = bin.total === 0 ? 0 : Math.max(2, (bin.total / most) * (height - 4)) / bin.total;
  let top = 0;
  return entries.map(([type, count]) => {
    top += count * scale;
    return { type, color: typeColor(type, types), size: count * scale, top };
  });
}

/** A bar ends where the next one starts; the last one is as wide as its neighbour. */
function endOf(bins: readonly EventBin[], index: number): string {
  const next = bins[index + 1];
  if (next !== undefined) return next.start;
  const start = new Date(bins[index]?.start ?? 0).getTime();
  const before = bins[index - 1];
  const width = before === undefined ? 3_600_000 : start - new Date(before.start).getTime();
  return new Date(start + width).toISOString();
}
