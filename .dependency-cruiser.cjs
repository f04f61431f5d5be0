// The import matrix of docs/map.md as rules. Package folders stand for packages: `packages/model` is `model`.
const pkg = (...names) => `^packages/(${names.join('|')})/`;
const testCode = '\\.test\\.ts$|/test/|/testing/';
const only = (name, allowed) => ({
  name: `${name}-imports`,
  comment: `packages/${name} may import only: ${allowed.join(', ') || 'no other package'}`,
  severity: 'error',
  from: { path: pkg(name), pathNot: testCode },
  to: { path: '^packages/', pathNot: pkg(name, ...allowed) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-app-imports-an-app', severity: 'error', from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/', pathNot: '^apps/$1/' } },
    { name: 'no-package-imports-an-app', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    {
      name: 'runner-without-database',
      comment: 'A runner holds neither a database URL nor a key.',
      severity: 'error',
      from: { path: ['^apps/runner/', pkg('script', 'jail')], pathNot: testCode },
      to: { path: pkg('database', 'credentials') },
    },
    {
      name: 'database-behind-repositories',
      comment: 'Apps reach the database through repositories; modules and tests wire it.',
      severity: 'error',
      from: { path: '^apps/', pathNot: '\\.(repository|module|activities|test)\\.ts$|/test/|main\\.ts$|(^|/)database[^/]*\\.ts$' },
      to: { path: pkg('database') },
    },
    {
      name: 'workflows-stay-deterministic',
      comment: 'Workflow code imports @temporalio/workflow and types; nothing that reads a clock, a file or a socket.',
      severity: 'error',
      from: { path: '^packages/workflows/src/workflows/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: '@temporalio/(workflow|common)' },
    },
    only('model', []),
    only('database', ['model']),
    only('workflows', ['model']),
    only('authorization', ['model', 'providers']),
    only('credentials', ['model', 'database', 'authorization', 'providers']),
    only('egress', ['model']),
    only('providers', ['model']),
    only('service', ['model']),
    only('script', ['model']),
    only('jail', ['model', 'script']),
    only('journal', ['model', 'database']),
    only('manifest', ['model']),
    only('validation', []),
    only('node', []),
    only('frontend', []),
    only('simulator', ['model']),
    only('admin', ['credentials', 'database', 'model', 'service', 'stack']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'], mainFields: ['main'] },
  },
};
