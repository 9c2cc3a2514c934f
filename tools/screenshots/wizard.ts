import type { Page } from 'playwright-core';
import { begin, button, goTo, type Tour, untilChecked } from './tour.ts';

interface Filled {
  readonly name: string;
  readonly link: string;
  readonly target: RegExp;
}

async function fill(page: Page, { words }: Tour, { name, link, target }: Filled): Promise<void> {
  await page.getByLabel(words.wizard.configure.name).fill(name);
  await page.getByLabel(words.wizard.configure.link).fill(link);
  await page.getByRole('radio', { name: target }).check();
}

async function prepare(page: Page, { words, take }: Tour, picture?: string): Promise<void> {
  await button(page, words.migrations.new).click();
  await page.getByText(words.wizard.prepare.ready).click();
  if (picture !== undefined) await take(page, picture);
  await button(page, words.wizard.next).click();
}

/** A system disk onto an instance, through all three steps; then it runs. */
export async function showInstanceWizard(page: Page, tour: Tour): Promise<void> {
  const { words, scenery, take } = tour;
  await goTo(page, tour, '/instance-migrations');
  await take(page, 'list-empty');
  await prepare(page, tour, 'wizard-1-preparation');
  await fill(page, tour, { name: 'Web server', link: scenery.system, target: /^web-tokyo/ });
  await take(page, 'wizard-2-configuration');
  const options = page.getByText(words.wizard.configure.options);
  await options.click();
  await page.getByText(words.wizard.configure.startAfterwards).scrollIntoViewIfNeeded();
  await take(page, 'wizard-2-options', options);
  await button(page, words.wizard.next).click();
  await untilChecked(page, tour);
  await take(page, 'wizard-3-checks');
  await take(page, 'wizard-3-destroyed', page.getByRole('heading', { name: words.wizard.check.found }).first());
  await begin(page, tour);
}

/** What is foreseen of a system that will not start; it is accepted, so that the proof can be seen to fail. */
export async function showGuestChecks(page: Page, tour: Tour): Promise<void> {
  const { words, scenery, take } = tour;
  await goTo(page, tour, '/instance-migrations');
  await prepare(page, tour);
  await fill(page, tour, { name: 'Old database server', link: scenery.broken, target: /^db-tokyo/ });
  await button(page, words.wizard.next).click();
  await untilChecked(page, tour);
  await take(page, 'wizard-3-guest', page.locator('[data-check^="guest-fstab"]').first());
  await begin(page, tour);
}

/** A data disk, onto a volume that is too small first. */
export async function showDataWizard(page: Page, tour: Tour): Promise<void> {
  const { words, scenery, take } = tour;
  await goTo(page, tour, '/data-migrations');
  await prepare(page, tour);
  await fill(page, tour, { name: 'Orders database', link: scenery.data, target: /^scratch/ });
  await button(page, words.wizard.next).click();
  await untilChecked(page, tour);
  await take(page, 'wizard-3-blocked');
  await button(page, words.wizard.back).click();
  await page.getByRole('radio', { name: /^orders-db/ }).check();
  await page.getByText(words.wizard.configure.options).click();
  await page.getByLabel(words.wizard.configure.bandwidth).fill('12');
  await button(page, words.wizard.next).click();
  await untilChecked(page, tour);
  await begin(page, tour);
}
