import ts from 'typescript';
import type { Finding, LintContext, NangoCall } from './rule.js';

const awaited = new Set([
  'batchSend',
  'batchSave',
  'batchDelete',
  'log',
  'getFieldMapping',
  'setFieldMapping',
  'getMetadata',
  'setMetadata',
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'getConnection',
  'getEnvironmentVariables',
  'triggerAction',
]);
/** The existing CLI lets these go, so scripts that do must compile. */
const betterAwaited = new Set(['batchUpdate', 'updateMetadata', 'proxy']);
const saving = new Set(['batchSend', 'batchSave', 'batchDelete', 'batchUpdate']);
const deprecated: Record<string, string> = { batchSend: 'batchSave', getFieldMapping: 'getMetadata', setFieldMapping: 'setMetadata' };

/** A call that is not waited for can be cut off by the end of the script. */
export function checkAwaited({ node, method }: NangoCall): Finding | null {
  const severity = awaited.has(method) ? 'error' : betterAwaited.has(method) ? 'warning' : null;
  if (!severity || isWaitedFor(node)) return null;
  return { severity, node, message: `nango.${method}() must be awaited; without it the script may end before the call does` };
}

export function checkForbidden({ node, method }: NangoCall, { kind }: LintContext): Finding | null {
  if (kind === 'sync' || !saving.has(method)) return null;
  return { severity: 'error', node, message: `nango.${method}() is for syncs; an action returns its result instead` };
}

export function checkDeprecated({ node, method }: NangoCall): Finding | null {
  const instead = Object.hasOwn(deprecated, method) ? deprecated[method] : undefined;
  return instead ? { severity: 'warning', node, message: `nango.${method}() is deprecated; use nango.${instead}()` } : null;
}

export function checkModelName({ node, method }: NangoCall, { models }: LintContext): Finding | null {
  const last = node.arguments.at(-1);
  if (!saving.has(method) || !last || !ts.isStringLiteralLike(last) || models.has(last.text)) return null;
  const known = models.size > 0 ? `it has ${[...models].join(', ')}` : 'it has none';
  return { severity: 'error', node: last, message: `'${last.text}' is no model of nango.yaml; ${known}` };
}

export function checkRetryOn({ node }: NangoCall): Finding | null {
  for (const argument of node.arguments) {
    if (!ts.isObjectLiteralExpression(argument)) continue;
    const names = new Set(argument.properties.map((property) => (property.name && ts.isIdentifier(property.name) ? property.name.text : '')));
    const spread = argument.properties.some(ts.isSpreadAssignment);
    if (names.has('retryOn') && !names.has('retries') && !spread) {
      return { severity: 'error', node: argument, message: `'retryOn' has no effect without 'retries', the number of further attempts` };
    }
  }
  return null;
}

function isWaitedFor(call: ts.CallExpression): boolean {
  for (let node: ts.Node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isYieldExpression(parent)) return true;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node && ['then', 'catch', 'finally'].includes(parent.name.text)) return true;
    if (ts.isArrowFunction(parent)) return parent.body === node;
    if (ts.isFunctionLike(parent) || ts.isStatement(parent)) return false;
  }
  return false;
}
