import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../engine/testing/test-server.ts';
import { StartedService } from '../../server/testing/started-service.ts';
import { openBrowser } from './browser.ts';

/** The real service in a process of its own, images over HTTP, and a browser that is signed in. */
export interface ConsoleScene extends AsyncDisposable {
  readonly service: StartedService;
  readonly images: TestServer;
  readonly browser: Browser;
  /** A page of somebody who is signed in; what goes wrong in it is collected in `faults`. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** A page of somebody who is not. */
  openStranger(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors of scripts, and what the policy of the page has refused. */
  readonly faults: readonly string[];
}

export async function consoleScene(): Promise<ConsoleScene> {
  const root = await mkdtemp(join(tmpdir(), 'diskferry-console-'));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const faults: string[] = [];
  try {
    const images = stack.use(await startTestServer());
    const service = stack.use(await StartedService.start(root));
    const browser = await openBrowser();
    stack.defer(() => browser.close());
    const state = await signedIn(browser, service.signInLink);
    const openStranger = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext({ locale: 'en-GB', viewport: DESK, ...options });
      return await pageOf(context, { address: path.startsWith('http') ? path : service.address + path, faults });
    };
    const open: ConsoleScene['open'] = (path, options) => openStranger(path, { storageState: state, ...options });
    const owned = stack.move();
    return { service, images, browser, open, openStranger, faults, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

export const DESK = { width: 1280, height: 860 };
export const TELEPHONE = { width: 390, height: 844 };

async function signedIn(browser: Browser, link: string): ReturnType<BrowserContext['storageState']> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('navigation').waitFor({ state: 'attached' });
  const state = await context.storageState();
  await context.close();
  return state;
}

async function pageOf(
  context: BrowserContext,
  { address, faults }: { readonly address: string; readonly faults: string[] },
): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // An answer that says no is shown to the person, and is no fault of the page.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) faults.push(message.text());
  });
  await page.goto(address);
  return page;
}
