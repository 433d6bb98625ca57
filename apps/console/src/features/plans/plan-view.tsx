import { Alert, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { PlanOp, PlanSummary } from '../../api/sync-types.js';
import type { Run } from '../../api/types.js';
import { LoadMore } from '../../layout/load-more.js';
import { QueryView } from '../../layout/query-view.js';
import { FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import type { SideNames } from '../links/sides.js';
import { isActive } from '../runs/runs.js';
import { PlanItems } from './plan-items.js';
import { planOps, usePlan } from './plans.js';

const adoption: PlanOp = 'link';
const withoutAdoption = planOps.flatMap(({ value }) => (value === adoption ? [] : [value]));

interface PlanViewProps {
  run: Run;
  names: SideNames;
}

/** What a plan found: counts, existing items that would be linked, and every operation with its reason. */
export function PlanView({ run, names }: PlanViewProps) {
  const filter = useUrlFilter(['op']);
  const op = filter.params.get('op');
  const matches = usePlan(run, [adoption]);
  const others = usePlan(run, op === null ? withoutAdoption : [op]);
  return (
    <QueryView query={matches} what="the plan">
      {(found) => {
        const summary = found.pages.at(-1)?.summary;
        if (summary === undefined) return null;
        const matched = found.pages.flatMap((page) => page.items);
        return (
          <Stack>
            <Summary summary={summary} active={isActive(run)} />
            {matched.length > 0 && op === null && (
              <section aria-labelledby="plan-matches">
                <Title order={2} size="h4" id="plan-matches">
                  Existing items that match
                </Title>
                <Text size="sm" c="dimmed" mb="xs">
                  They would be linked instead of copied. Check them: two that are not the same would be made equal.
                </Text>
                <PlanItems items={matched} names={names} />
                <LoadMore
                  hasMore={matches.hasNextPage}
                  loading={matches.isFetchingNextPage}
                  onLoad={() => void matches.fetchNextPage()}
                />
              </section>
            )}
            {summary.total > 0 && (
              <section aria-labelledby="plan-operations">
                <Title order={2} size="h4" id="plan-operations" mb="xs">
                  Operations
                </Title>
                <FilterFields label="Filter operations">
                  <OneFilter filter={filter} name="op" label="Operation" choices={choicesOf(summary)} />
                </FilterFields>
                <QueryView query={others} what="the operations">
                  {(data) => {
                    const items = data.pages.flatMap((page) => page.items);
                    return items.length === 0 ? (
                      <Text size="sm" c="dimmed">
                        {op === null ? 'Nothing else would be done.' : 'None of these.'}
                      </Text>
                    ) : (
                      <PlanItems items={items} names={names} />
                    );
                  }}
                </QueryView>
                <LoadMore
                  hasMore={others.hasNextPage}
                  loading={others.isFetchingNextPage}
                  onLoad={() => void others.fetchNextPage()}
                />
              </section>
            )}
          </Stack>
        );
      }}
    </QueryView>
  );
}

const choicesOf = ({ byOp }: PlanSummary) =>
  planOps.flatMap(({ value, label }) => {
    const count = byOp[value] ?? 0;
    return count === 0 ? [] : [{ value, label: `${label} (${count.toLocaleString()})` }];
  });

function Summary({ summary, active }: { summary: PlanSummary; active: boolean }) {
  const { total, byOp, writes, truncated } = summary;
  if (total === 0) {
    return (
      <Alert color={active ? 'gray' : 'teal'} title={active ? 'Nothing found so far' : 'Nothing to do'} role="status">
        {active ? 'The plan is being made.' : 'Both sides are in step: a sync would write nothing.'}
      </Alert>
    );
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="Summary">
      <Text size="sm" fw={600} mb="xs" role="status">
        {writes.toLocaleString()} {writes === 1 ? 'write' : 'writes'} to the remotes
      </Text>
      <SimpleGrid cols={{ base: 2, xs: 4, md: 8 }} component="dl" m={0}>
        {planOps.map(({ value, label }) => (
          <div key={value}>
            <Text size="xs" c="dimmed" component="dt">
              {label}
            </Text>
            <Text fw={600} component="dd" m={0} c={(byOp[value] ?? 0) === 0 ? 'dimmed' : undefined}>
              {(byOp[value] ?? 0).toLocaleString()}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {truncated && (
        <Text size="xs" c="dimmed" mt="xs">
          There are more operations than are listed; the counts are of all.
        </Text>
      )}
    </Paper>
  );
}
