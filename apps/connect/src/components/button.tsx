import type { ButtonHTMLAttributes } from 'react';

const looks = { primary: 'bg-accent text-accent-ink hover:opacity-90', plain: 'border border-line bg-panel hover:bg-raised' } as const;

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> & { look?: keyof typeof looks; submits?: boolean };

/** The one thing to do on a screen, as wide as the screen. */
export function Button({ look = 'primary', submits = false, ...rest }: ButtonProps) {
  return (
    <button
      // oxlint-disable-next-line react/button-has-type -- one of the two, both are right
      type={submits ? 'submit' : 'button'}
      className={`h-10 w-full rounded-lg px-4 font-medium transition disabled:opacity-60 ${looks[look]}`}
      {...rest}
    />
  );
}
