export { parseRuns, shortestIntervalMs } from './interval.js';
