export { EgressGuard, type GuardOptions, type Resolver } from './guard.js';
export { HostList, parseHostList } from './host-list.js';
export { isGlobalUnicast } from './address.js';
export { exchange, type OutgoingRequest } from './exchange.js';
export { Answer } from './answer.js';
export { readIntoBlocks, whenWritten } from './read-blocks.js';
export { sendGuarded } from './redirect.js';
export { isRetryableAnswer, isRetryableFailure, type ProviderRetryRules, type RetryAnswer, type RetryHeader, type RetryRules, retryWaitMs } from './retry.js';
export { type Governor, openGovernor } from './governor.js';
