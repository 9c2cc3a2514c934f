import { PreflightInput, PreflightView } from '@diskferry/protocol/schemas';
import type { Context } from '../context.ts';
import { requestOf } from '../creating/request-of.ts';
import { mayBegin } from '../creating/require-acceptable.ts';
import type { Api } from '../fastify.ts';
import { whileAsked } from '../gone.ts';
import { principalOf } from '../guard/guard.ts';
import { placesOf } from '../places/places.ts';
import { checksIn } from '../texts/checks.ts';
import { forecastIn } from '../texts/forecast.ts';
import { preflightImageView } from '../views/image-view.ts';

export function preflightRoutes(api: Api, context: Context): void {
  api.route({
    method: 'POST',
    url: '/preflight',
    config: { may: 'preflight.run', audit: false },
    schema: {
      operationId: 'runPreflight',
      summary: 'Check a migration without creating it',
      tags: ['preflight'],
      body: PreflightInput,
      response: { 200: PreflightView },
    },
    handler: async (request, reply) => {
      const { name: by } = principalOf(request);
      const split = requestOf(request.body, { by, places: await placesOf(context) });
      const report = await context.preflight({ ...split, signal: whileAsked(reply, context.closing) });
      const { checks, forecast, images, instanceRuns } = report;
      return {
        mayBegin: mayBegin(report, split.request.options.accept),
        checks: checksIn(checks, request.language),
        forecast: forecastIn(forecast, request.language),
        images: images.map(preflightImageView),
        instanceRuns,
      };
    },
  });
}
