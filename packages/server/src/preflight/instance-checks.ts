import type { Entries } from './check-entry.ts';

/** Entries of the catalogue about the server that a disk belongs to. */
export const INSTANCE = {
  'instance-exists': {
    verdicts: ['pass', 'block', 'unknown'],
    title: 'The instance is there.',
    remedy: 'List the instances, and take the id from there.',
    rule: 'The target must exist.',
  },
  'instance-usable': {
    verdicts: ['pass', 'block'],
    title: 'The instance is neither expired nor damaged.',
    remedy: 'Do what the evidence says, such as renewing it; or choose another instance.',
    rule: 'The original: the target must be in its paid period; expired ones cannot complete.',
  },
  'instance-at-rest': {
    verdicts: ['pass', 'block'],
    title: 'The instance is neither starting nor stopping.',
    remedy: 'Wait until that is done, then try again.',
    rule: 'What it will be is not known before that.',
    waitsFor: 'person',
  },
  'instance-free': {
    verdicts: ['pass', 'block', 'unknown'],
    title: 'Nobody else holds the instance.',
    remedy: 'Wait until the migration that the evidence names is over, or cancel it.',
    rule: 'One migration at a time works with an instance.',
    waitsFor: 'person',
  },
  'instance-running': {
    verdicts: ['pass', 'block'],
    title: 'The instance does not run.',
    remedy: 'Stop the instance; or let the migration stop it, with options.runningInstance.',
    rule: 'A disk is never written under a running guest.',
    waitsFor: 'person',
  },
  'instance-will-be-stopped': {
    verdicts: ['warn'],
    title: 'The instance runs, and will be stopped.',
    remedy: 'Accept it where its users know; or choose a start time at which nobody needs it.',
    rule: 'A disk is never written under a running guest.',
  },
  'system-volume-first': {
    verdicts: ['pass', 'block'],
    title: 'The first image lands on the system volume of the instance.',
    remedy: 'Name the system volume for the first image, or create a data migration.',
    rule: "The original: an instance migration lands on the instance's system disk.",
  },
  'volumes-of-instance': {
    verdicts: ['pass', 'block'],
    title: 'All volumes belong to the instance.',
    remedy: 'Name volumes that are attached to the instance, or attach them first.',
    rule: 'The original: data images go onto data disks that are attached to the instance already.',
  },
} as const satisfies Entries;
