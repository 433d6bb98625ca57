import { Alert, Group, List, Text, ThemeIcon } from '@mantine/core';
import type { TestReport, TestStep } from '../api/types.js';
import { ErrorNotice } from '../layout/error-notice.js';
import { Icon, type IconName } from '../layout/icons.js';
import { Loading } from '../layout/loading.js';
import { Time } from '../layout/time.js';

interface TestOutcomeProps {
  report?: TestReport;
  error: Error | null;
  testing: boolean;
}

/** What came of a test: running, not possible, or its steps. Announced when it arrives. */
export function TestOutcome({ report, error, testing }: TestOutcomeProps) {
  if (testing) return <Loading label="Testing" />;
  if (error !== null) return <ErrorNotice title="The test could not run" error={error} />;
  if (report === undefined) return null;
  return <TestSteps report={report} />;
}

function TestSteps({ report }: { report: TestReport }) {
  return (
    <Alert
      color={report.ok ? 'teal' : 'red'}
      variant="light"
      role="status"
      title={report.ok ? 'The test passed' : 'The test failed'}
    >
      <List spacing={8} listStyleType="none" aria-label="Test steps">
        {report.steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </List>
      {report.account !== undefined && (
        <Text size="sm" mt="sm">
          Connected as <strong>{report.account.username}</strong>.
          {report.expiresAt !== undefined && (
            <>
              {' '}
              The credentials end on <Time at={report.expiresAt} show="age" />.
            </>
          )}
        </Text>
      )}
    </Alert>
  );
}

function Step({ step }: { step: TestStep }) {
  const look: { icon: IconName; color: string; word: string } = !step.ok
    ? { icon: 'cross', color: 'red', word: 'failed' }
    : step.hint !== undefined
      ? { icon: 'warning', color: 'yellow.7', word: 'passed, with a remark' }
      : { icon: 'check', color: 'teal', word: 'passed' };
  return (
    <List.Item aria-label={`${step.label}: ${look.word}`}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <ThemeIcon color={look.color} size={20} radius="xl">
          <Icon name={look.icon} size={13} />
        </ThemeIcon>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={step.ok ? undefined : 600}>
            {step.label}
          </Text>
          {step.hint !== undefined && (
            <Text size="sm" c="dimmed" className="wrap-anywhere">
              {step.hint}
            </Text>
          )}
        </div>
      </Group>
    </List.Item>
  );
}
