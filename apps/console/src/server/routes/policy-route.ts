import { parseOrchestratorCommand, policyAnswerSchema, policyFields } from '@vigilia/protocol';
import type { FastifyInstance } from 'fastify';
import type { PolicyView } from '../../shared/policy-view.ts';
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

/** `GET api/policy`: the policy in force, its settings and its last changes; `POST api/orchestrator/change_policy` changes it. */
export function policyRoute(app: FastifyInstance, { access, gateway }: PolicyRouteOptions): void {
  app.get('/api/policy', { config: { rateLimit } }, async (request): Promise<PolicyView> => {
    const person = access.require(request, 'configure');
    requireBroker(person.site);
    const command = parseOrchestratorCommand('get_policy', {});
    const { answers } = await gateway.toOrchestrator({ command, by: signature(person, undefined), waitMs });
    const answer = policyAnswerSchema.safeParse(answers[0]?.result);
    if (answer.success) return { ...answer.data, policy: { ...answer.data.policy }, fields: policyFields() };
    throw new RequestError(504, 'no_policy', 'The orchestrator did not send its policy.');
  });
}
