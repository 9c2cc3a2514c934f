#!/usr/bin/env node
// Diskferry runs on Node 24. Under an older Node (npx and npm scripts already choose the right one) this looks for the
// one that npm installed beside it and hands over to it. Plain JavaScript, so that any Node can read it.
import module, { createRequire } from 'node:module';
import v8 from 'node:v8';
import { constants } from 'node:os';

const WANTED = 24;

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  // Keeps what was compiled for the next start, which then takes half the time.
  module.enableCompileCache?.();
  // Chunks from the network are collected soon: with the default young generation 80 MiB of them pile up, so 20.
  v8.setFlagsFromString('--max-semi-space-size=1');
  await import('../src/main.ts');
} else {
  const node = newerNode();
  if (node) await handOver(node);
  else {
    console.error(
      `diskferry needs Node ${WANTED} or newer; this is ${process.version}. "npm install" brings it along on Linux.`,
    );
    process.exitCode = 2;
  }
}

function newerNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

async function handOver(node) {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1);
  });
}
