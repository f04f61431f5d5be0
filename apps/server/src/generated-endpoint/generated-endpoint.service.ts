import { Injectable } from '@nestjs/common';
import { AppError, HttpMethod, type RecordPage } from 'model';
import { problemsError } from 'service';
import type { ActionOutcome } from '../action/action-outcome.js';
import { ActionService } from '../action/action.service.js';
import { RecordService } from '../record/record.service.js';
import { RecordsQueryForm, refuseTypos } from '../record/records-query.js';
import type { TargetHeaders } from '../script/connection-target.decorator.js';
import { requireNames } from '../script/connection-target.service.js';
import { type EndpointMatch, matchEndpoint } from './endpoint-match.js';
import { GeneratedEndpointRepository } from './generated-endpoint.repository.js';

/** A request to a generated endpoint; `path` is what follows `/v1`. */
export type EndpointRequest = {
  environmentId: number;
  headers: TargetHeaders;
  method: string;
  path: string;
  query: Record<string, unknown>;
  body: unknown;
  idempotencyKey: string | undefined;
};

/** What an endpoint answers: its action's outcome, or a page of its sync's records. */
export type EndpointAnswer = { kind: 'action'; outcome: ActionOutcome } | { kind: 'records'; page: RecordPage };

@Injectable()
export class GeneratedEndpointService {
  constructor(
    private readonly endpoints: GeneratedEndpointRepository,
    private readonly actions: ActionService,
    private readonly records: RecordService,
  ) {}

  async answer(request: EndpointRequest): Promise<EndpointAnswer> {
    const match = await this.match(request);
    const { environmentId, headers, idempotencyKey } = request;
    if (match.owner.type === 'sync') return { kind: 'records', page: await this.page(request, match) };
    const call = { environmentId, headers, idempotencyKey, request: { action_name: match.owner.name, input: inputOf(request, match) } };
    return { kind: 'action', outcome: await this.actions.trigger(call) };
  }

  private async match({ environmentId, headers, method, path }: EndpointRequest): Promise<EndpointMatch> {
    const { providerConfigKey } = requireNames(headers);
    const known = HttpMethod.safeParse(method.toUpperCase());
    const match = known.success ? matchEndpoint(await this.endpoints.owners(environmentId, providerConfigKey), known.data, path) : null;
    if (match) return match;
    throw new AppError('not_found', { message: `No sync or action of '${providerConfigKey}' has the endpoint ${method} ${path}` });
  }

  private page({ environmentId, headers, query }: EndpointRequest, { owner, position }: EndpointMatch): Promise<RecordPage> {
    refuseTypos(query);
    // One endpoint per model, in the same order; an older deploy may have one for them all.
    const model = owner.models[position] ?? owner.models[0];
    const parsed = RecordsQueryForm.safeParse({ ...query, model });
    if (!parsed.success) throw problemsError('invalid_query_params', parsed.error.issues);
    return this.records.list(environmentId, headers, parsed.data);
  }
}

// A request without a body can still say something: in its path and query.
function inputOf({ body, query }: EndpointRequest, { parameters }: EndpointMatch): unknown {
  if (body !== undefined && body !== null) return body;
  const said = { ...query, ...parameters };
  return Object.keys(said).length === 0 ? undefined : said;
}
