import { describe, expect, it } from 'vitest';
import { isChosen, parseOptions } from './options.ts';
import { formatSize, GIB, MIB, parseSize } from './units.ts';

describe('the options of the benchmark', () => {
  it('measures everything on a 16 GiB disk in three rounds when nothing is said', () => {
    expect(parseOptions([])).toMatchObject({ disk: 16 * GIB, only: ['*'], peers: ['all'], rounds: 3, json: undefined });
  });

  it('takes a quarter of the disk with --small and any size with --disk', () => {
    expect(parseOptions(['--small']).disk).toBe(4 * GIB);
    expect(parseOptions(['--small', '--disk', '64M']).disk).toBe(64 * MIB);
  });

  it('takes lists of cases and peers', () => {
    const options = parseOptions(['--only', 'qcow2-http, rawgz*', '--peers', 'none', '--rounds', '1']);
    expect(options).toMatchObject({ only: ['qcow2-http', 'rawgz*'], peers: ['none'], rounds: 1 });
  });

  it.each([['--rounds', '0'], ['--rounds', 'many'], ['--disk', '5'], ['--unknown'], ['qcow2']])(
    'refuses %s %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow();
    },
  );
});

describe('choosing by name', () => {
  it('takes all, none, whole names and stars', () => {
    expect(isChosen('gzip + dd', ['all'])).toBe(true);
    expect(isChosen('gzip + dd', ['none'])).toBe(false);
    expect(isChosen('gzip + dd', ['gzip + dd'])).toBe(true);
    expect(isChosen('igzip + dd', ['gzip + dd'])).toBe(false);
    expect(isChosen('nbdkit + qemu-img', ['*qemu-img'])).toBe(true);
  });
});

describe('sizes', () => {
  it('are read with a unit and written with one', () => {
    expect(parseSize('64M')).toBe(64 * MIB);
    expect(formatSize(16 * GIB)).toBe('16 GiB');
    expect(formatSize(1.5 * GIB)).toBe('1.50 GiB');
    expect(() => parseSize('4GB')).toThrow('4GB');
  });
});
