import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { DashboardSession } from 'model/dashboard';
import { Button } from '../components/button.js';
import { Failure } from '../components/failure.js';
import { Field } from '../components/field.js';
import { Form } from '../components/form.js';
import { ask } from '../data/api.js';
import { sessionQuery } from '../data/queries.js';

export function SignInPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: (form: FormData) => ask(DashboardSession, '/session', { method: 'POST', body: { email: form.get('email'), password: form.get('password') } }),
    onSuccess: async (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/$env/integrations', params: { env: session.environments[0]?.name ?? 'dev' } });
    },
  });
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <Form className="w-full max-w-sm rounded-lg border border-line bg-panel p-8" onData={(form) => signIn.mutate(form)}>
        <h1 className="text-lg font-semibold">Sign in</h1>
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        {signIn.isError ? <Failure error={signIn.error} /> : null}
        <Button look="primary" type="submit" disabled={signIn.isPending} className="h-9 justify-center">
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
        <p className="text-xs text-muted">The first user's e-mail and password were printed by `start` and stand in .local/stack.json.</p>
      </Form>
    </main>
  );
}
