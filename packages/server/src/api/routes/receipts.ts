import { ById, ReceiptView } from '@diskferry/protocol/schemas';
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
      await stores.migrations.get(params.id);
      const receipt = await stores.receipts.read(params.id);
      reply.header('content-disposition', `attachment; filename="diskferry-receipt-${params.id}.json"`);
      return receipt;
    },
  });
}
