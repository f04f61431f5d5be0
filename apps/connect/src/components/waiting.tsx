import { LoaderCircle } from 'lucide-react';
import { Card } from './card.js';

export function Waiting({ onBack }: { onBack?: (() => void) | undefined }) {
  return (
    <Card onBack={onBack}>
      <div role="status" aria-label="Loading" className="grid h-40 place-items-center text-muted">
        <LoaderCircle className="animate-spin" />
      </div>
    </Card>
  );
}
