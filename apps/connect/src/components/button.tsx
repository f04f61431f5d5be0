import type { ButtonHTMLAttributes } from 'react';

const looks = {
  primary: 'bg-accent text-accent-ink hover:brightness-95',
  plain: 'border border-line bg-panel hover:bg-raised',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
} as const;

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & { look?: keyof typeof looks; submits?: boolean };

/** One of the things to do on a screen, as wide as the screen. */
export function Button({ look = 'primary', submits = false, ...rest }: ButtonProps) {
  return (
    <button
      // oxlint-disable-next-line react/button-has-type -- one of the two, both are right
      type={submits ? 'submit' : 'button'}
      className={`flex min-h-11 w-full items-center justify-center gap-2 rounded-lg px-4 py-2 font-medium transition disabled:opacity-60 ${looks[look]}`}
      {...rest}
    />
  );
}
