import { baseVariant } from 'model';

/** The name under which a sync variant's records of a model are stored. */
export function storedModel(model: string, variant: string): string {
  return variant === baseVariant ? model : `${model}::${variant}`;
}
