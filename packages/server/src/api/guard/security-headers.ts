import type { Api } from '../fastify.ts';
import type { Door } from '../parts.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Nothing is loaded from elsewhere, nothing runs that is not a file of ours, nobody puts us into a frame. */
export function securityHeaders(api: Api, { secureCookies }: Door): void {
  api.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      ...(secureCookies ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    });
  });
}
