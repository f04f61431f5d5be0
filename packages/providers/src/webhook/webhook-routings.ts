import { generic } from './generic.js';
import { githubApp } from './github-app.js';
import { linear } from './linear.js';
import { shopify } from './shopify.js';
import { slack } from './slack.js';
import { unauthenticated } from './unauthenticated.js';
import type { WebhookRouting } from './webhook-request.js';

/** How webhooks are routed, by the catalogue's `webhook_routing_script`. */
const routings = { generic, 'github-app': githubApp, linear, shopify, slack, unauthenticated } as const satisfies Record<string, WebhookRouting>;

/** Names that a catalogue entry may give. */
export const webhookRoutingNames = Object.keys(routings) as [keyof typeof routings, ...(keyof typeof routings)[]]; // its own keys, and some

/** The routing of this name. */
export function webhookRouting(name: keyof typeof routings): WebhookRouting {
  return routings[name];
}
