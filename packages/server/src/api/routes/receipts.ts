import { ById, ReceiptView } from '@diskferry/protocol/schemas';
import { ServiceError } from '../../base/errors.ts';
import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';

export function receiptRoutes(api: Api, { stores }: Context): void {
  api.route({
    method: 'GET',
    url: '/migrations/:id/receipt',
    config: { may: 'receipt.read' },
    schema: {
      operationId: 'downloadReceipt',
      summary: 'The signed receipt of one that succeeded',
      tags: ['migrations'],
      params: ById,
      response: { 200: ReceiptView },
    },
    handler: async ({ params }, reply) => {
      const { id, standing } = await stores.migrations.get(params.id);
      // It is kept a moment before; and should the last step never come, it proves what is not so.
      if (standing.state !== 'succeeded')
        throw new ServiceError('not-found', `${id} has not succeeded: no receipt yet`);
      const receipt = await stores.receipts.read(params.id);
      reply.header('content-disposition', `attachment; filename="diskferry-receipt-${params.id}.json"`);
      return receipt;
    },
  });
}
