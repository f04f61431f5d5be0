import { Ellipsis } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';

/** What can be done beside the usual, behind one button. */
export function Menu({ label, entries }: { label: string; entries: { text: string; danger?: boolean; onSelect: () => void }[] }) {
  return (
    <Radix.Root>
      <Radix.Trigger aria-label={label} className="inline-flex h-8 items-center rounded-md border border-line bg-panel px-2 hover:bg-raised">
        <Ellipsis size={14} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align="end" sideOffset={4} className="z-10 min-w-44 rounded-md border border-line bg-panel p-1 shadow-xl">
          {entries.map(({ text, danger, onSelect }) => (
            <Radix.Item
              key={text}
              onSelect={onSelect}
              className={`cursor-pointer rounded px-2.5 py-1.5 outline-none data-[highlighted]:bg-raised ${danger ? 'text-bad' : ''}`}
            >
              {text}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
