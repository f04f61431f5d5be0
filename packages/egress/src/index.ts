export { type BreakerOptions, CircuitBreaker, type Passage } from './circuit-breaker.js';
export { ConnectionSlots, type Release, type SlotOptions, type SlotRequest } from './connection-slots.js';
export { depart, type Departure } from './departure.js';
export { EgressGuard, type GuardOptions, type Resolver } from './guard.js';
export { HostList, parseHostList } from './host-list.js';
export { type EgressLists, EgressPolicy } from './policy.js';
export { nameServers } from './name-servers.js';
export { isGlobalUnicast } from './address.js';
export { exchange, type OutgoingRequest } from './exchange.js';
export { Answer } from './answer.js';
export { sendGuarded } from './redirect.js';
export { isRetryableAnswer, isRetryableFailure, type ProviderRetryRules, type RetryAnswer, type RetryHeader, type RetryRules, retryWaitMs } from './retry.js';
export {
  type Admission,
  anyPlace,
  type BudgetChange,
  budgetKey,
  type BudgetRef,
  type BudgetStore,
  type Governor,
  LongWait,
  openGovernor,
  type Place,
} from './governor/governor.js';
export { SharedGovernor } from './governor/shared-governor.js';
export { emptyBudget } from './governor/exchange.js';
export type { StatedLimit } from './governor/limit.js';
export type { LimitHeaders } from './governor/limit-headers.js';
