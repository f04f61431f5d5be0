import type { ParsedAction, ParsedIntegration, ParsedSync } from './manifest.js';
import type { Place } from './place.js';

/** A parsed script with the places that checks point at. `outputs` and `endpoints` go by position. */
export type LocatedSync = { script: ParsedSync; place: Place; outputs: Place[]; endpoints: Place[] };
export type LocatedAction = { script: ParsedAction; place: Place; endpoint: Place | undefined };

/** A parsed integration with the places that checks point at. */
export type LocatedIntegration = {
  providerConfigKey: string;
  syncs: LocatedSync[];
  actions: LocatedAction[];
  onEventScripts: ParsedIntegration['onEventScripts'];
  postConnectionScripts: string[];
};

/** An integration's events before any is read. */
export function noEvents(): ParsedIntegration['onEventScripts'] {
  return { 'post-connection-creation': [], 'pre-connection-deletion': [], 'validate-connection': [] };
}
