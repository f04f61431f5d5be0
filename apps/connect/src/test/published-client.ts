export { default as Nango } from 'published-frontend';
