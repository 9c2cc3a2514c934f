import { arch, availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { runShell } from './run-shell.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly qemuImg: string;
  /** Load of the last minute before the first run: others on the machine make the numbers worse and the ratios noisy. */
  readonly load: number;
}

export async function describeMachine(): Promise<Machine> {
  return {
    cpu: `${cpus()[0]?.model ?? 'unknown'} (${arch()})`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    qemuImg: await runShell('qemu-img --version | head -n 1').then(
      (said) => said.trim(),
      () => 'missing',
    ),
    load: loadavg()[0] ?? NaN,
  };
}
