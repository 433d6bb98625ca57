import { Button, Center, Code, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { ApiError } from '../../api/problem.js';
import { useLogin } from './session.js';

/** Exchanges the admin token for a session; says where the token is. */
export function LoginPage() {
  const [token, setToken] = useState('');
  const [missing, setMissing] = useState(false);
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const login = useLogin();
  useEffect(() => {
    document.title = 'Log in · Syncline';
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = token.trim();
    setMissing(value === '');
    if (value !== '')
      login.mutate(value, { onSuccess: () => navigate(safeNext(params.get('next')), { replace: true }) });
  };

  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={430} component="form" onSubmit={submit} noValidate aria-label="Log in">
        <Stack>
          <Group gap="sm">
            <img src="/favicon.svg" alt="" width={34} height={34} />
            <Title order={1} size="h3">
              Log in to Syncline
            </Title>
          </Group>
          <PasswordInput
            label="Admin token"
            autoComplete="current-password"
            autoFocus
            withAsterisk={false}
            required
            value={token}
            aria-invalid={missing || login.error !== null}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={missing ? 'Paste the admin token.' : login.error ? loginError(login.error) : undefined}
          />
          <Text size="sm" c="dimmed" component="div">
            The hub printed it when it first started. It is also in the file <Code>admin-token</Code> in the data folder
            (<Code>DATA_DIR</Code>, by default <Code>./data</Code>):
            <Code block mt={6}>
              cat ./data/admin-token
            </Code>
          </Text>
          <Button type="submit" loading={login.isPending}>
            Log in
          </Button>
        </Stack>
      </Paper>
    </Center>
  );
}

function loginError(error: Error): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403 || error.status === 422)) {
    return 'The hub does not know this token. Copy the whole line from the file admin-token, without spaces around it.';
  }
  if (error instanceof ApiError && error.status === 429) return 'Too many attempts. Wait a minute and try again.';
  return error.message;
}

/** Only addresses of this console: never a link to another site. */
function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
}
