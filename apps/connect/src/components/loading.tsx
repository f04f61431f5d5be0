import { LoaderCircle } from 'lucide-react';
import { useText } from '../language/use-text.js';
import { useAnnouncement } from './announcer.js';
import { Card } from './card.js';

/** Something is being fetched. */
export function Loading({ onBack }: { onBack?: (() => void) | undefined }) {
  useAnnouncement(useText()('page.loading'));
  return (
    <Card onBack={onBack}>
      <div className="grid h-40 place-items-center text-muted">
        <LoaderCircle className="animate-spin" aria-hidden />
      </div>
    </Card>
  );
}
