import { type Policy, parseOrchestratorCommand, policySchema } from '@vigilia/protocol';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../access.ts';
import type { CommandGateway } from '../command-gateway.ts';
import { RequestError } from '../request-error.ts';
import { requireBroker, signature } from './command-routes.ts';

export interface PolicyRouteOptions {
  readonly access: Access;
  readonly gateway: CommandGateway;
}

const waitMs = 8000;
const rateLimit = { max: 60, timeWindow: 60_000 };

/** `GET api/policy`: the policy in force, as the orchestrator reports it; it is set by `POST api/orchestrator/set_policy`. */
export function policyRoute(app: FastifyInstance, { access, gateway }: PolicyRouteOptions): void {
  app.get('/api/policy', { config: { rateLimit } }, async (request): Promise<Policy> => {
    const person = access.require(request, 'configure');
    requireBroker(person.site);
    const command = parseOrchestratorCommand('status', {});
    const { answers } = await gateway.toOrchestrator({ command, by: signature(person, undefined), waitMs });
    const policy = policySchema.safeParse(answers[0]?.result?.policy);
    if (policy.success) return policy.data;
    throw new RequestError(504, 'no_policy', 'The orchestrator did not send its policy.');
  });
}
