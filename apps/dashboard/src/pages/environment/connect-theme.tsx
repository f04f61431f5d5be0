import type { ConnectTheme } from 'model/connect';
import { Button } from '../../components/button.js';
import { Choice, Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { useSaveConnect } from './use-save-connect.js';

const schemes = ['light', 'dark'] as const;
const colours = [
  ['primary', 'Buttons and links'],
  ['background', 'Background'],
] as const;

/** How the hosted connect page looks: light, dark or as the browser, and its colours. */
export function ConnectThemeForm({ env, theme }: { env: string; theme: ConnectTheme }) {
  const save = useSaveConnect(env);
  return (
    <Form className="p-4" onData={(form) => save.mutate({ connect_theme: themeOf(form) })} error={save.error}>
      <Choice
        label="Theme of the connect page"
        name="connect_theme.theme"
        defaultValue={theme.theme ?? 'system'}
        options={[
          { value: 'system', text: 'As the browser of the end user' },
          { value: 'light', text: 'Light' },
          { value: 'dark', text: 'Dark' },
        ]}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        {schemes.flatMap((scheme) =>
          colours.map(([colour, use]) => (
            <Field
              key={`${scheme} ${colour}`}
              label={`${use}, ${scheme}`}
              name={nameOf(scheme, colour)}
              defaultValue={theme.colors?.[scheme]?.[colour] ?? ''}
              placeholder="Default"
              hint="Such as #4f46e5."
            />
          )),
        )}
      </div>
      <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
        {save.isSuccess ? 'Saved' : 'Save theme'}
      </Button>
    </Form>
  );
}

function nameOf(scheme: string, colour: string): string {
  return `connect_theme.colors.${scheme}.${colour}`;
}

function themeOf(form: FormData): Record<string, unknown> {
  const coloursOf = (scheme: string): [string, unknown][] =>
    colours.map(([colour]): [string, unknown] => [colour, form.get(nameOf(scheme, colour))]).filter(([, value]) => value !== '');
  return { theme: form.get('connect_theme.theme'), colors: Object.fromEntries(schemes.map((scheme) => [scheme, Object.fromEntries(coloursOf(scheme))])) };
}
