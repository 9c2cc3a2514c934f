import { type Browser, chromium } from 'playwright-core';
import { toolPath } from '../../engine/testing/tools.ts';

/** Debian's own; nothing is downloaded. */
const CHROMIUM = toolPath('chromium');
export const HAS_CHROMIUM = CHROMIUM !== undefined;

/** As root a browser has no sandbox of its own; what it opens here is ours alone. */
export async function openBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('chromium is needed');
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'],
  });
}
