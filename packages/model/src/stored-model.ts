import { baseVariant } from './names.js';

/** The name under which a sync variant's records of a model are stored. */
export function storedModel(model: string, variant: string): string {
  return variant === baseVariant ? model : `${model}::${variant}`;
}

/** A stored model as its sync calls it. */
export function shownModel(stored: string, variant: string | null): string {
  const suffix = variant === null || variant === baseVariant ? '' : `::${variant}`;
  return suffix && stored.endsWith(suffix) ? stored.slice(0, -suffix.length) : stored;
}
