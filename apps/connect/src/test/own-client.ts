export { Nango } from '@nangohq/frontend';
