export { default as Nango } from 'published-frontend-058';
