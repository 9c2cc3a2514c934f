import { expect, it } from 'vitest';
import { fileName } from './naming.ts';

it.each([
  ['https://files.example/a/web%201.qcow2', 'web 1.qcow2'],
  ['s3://bucket/disk/', 'disk'],
  ['https://files.example/50%', '50%'],
  // What turns the direction of a line would make another name of it.
  ['https://files.example/a%E2%80%AEgmi.wcoq', 'a%E2%80%AEgmi.wcoq'],
  ['https://files.example/a%0Ab', 'a%0Ab'],
])('of %s is %s', (link, name) => expect(fileName(link)).toBe(name));
