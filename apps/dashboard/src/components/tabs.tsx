import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** Alternatives of which one is shown at a time. */
export function Tabs({ label, tabs }: { label: string; tabs: { name: string; content: ReactNode }[] }) {
  return (
    <Radix.Root defaultValue={tabs[0]?.name ?? ''}>
      <Radix.List aria-label={label} className="mb-5 flex gap-1 border-b border-line">
        {tabs.map(({ name }) => (
          <Radix.Trigger
            key={name}
            value={name}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {name}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ name, content }) => (
        <Radix.Content key={name} value={name}>
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
