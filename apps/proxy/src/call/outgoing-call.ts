import type { OutgoingRequest, RetryRules } from 'egress';
import type { Target } from '../connection/target.js';
import type { Attempt } from '../way-out/way-out.service.js';
import type { Patience } from './parked-call.js';

/** A call to an external API as its caller put it. Header names are in lower case; a streamed body allows no second attempt. */
export type OutgoingCall = Attempt & {
  /** Who is told of its attempts, and of another credential that they go with. */
  trace?: { renewing(target: Target): void } | undefined;
  method: string;
  endpoint: string;
  query?: string | undefined;
  headers: Record<string, string>;
  body: OutgoingRequest['body'];
  retry: Omit<RetryRules, 'provider'>;
  baseUrlOverride?: string | undefined;
  /** Whether the caller wants the body decoded; it may then travel compressed. */
  decoded: boolean;
  /** How long to wait for the answer's first byte, and between any two of its body. */
  timeoutMs?: number | undefined;
  /** Whether credentials follow a redirect to another host; as the provider says unless set. */
  forwardHeadersOnRedirect?: boolean | undefined;
  /** Waits out every retry unless told otherwise. */
  patience?: Patience;
  signal: AbortSignal;
};
