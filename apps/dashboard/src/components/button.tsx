import type { ButtonHTMLAttributes } from 'react';

const looks = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  plain: 'border border-line bg-panel hover:bg-raised',
  danger: 'border border-bad/40 text-bad hover:bg-bad/10',
} as const;

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: keyof typeof looks };

export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      // oxlint-disable-next-line react/button-has-type -- passed on; defaults to a button that submits nothing
      type={type}
      className={`inline-flex h-8 items-center gap-1.5 rounded-md px-3 font-medium whitespace-nowrap transition disabled:opacity-50 ${looks[look]} ${className}`}
      {...rest}
    />
  );
}
