import type { RefusalCode } from '@diskferry/protocol';

export const REFUSALS_ZH: Readonly<Record<RefusalCode, string>> = {
  'already-paused': '迁移已经暂停。',
  'not-paused': '迁移没有暂停，也不在等待任何人。',
  'waits-for-its-time': '迁移在等待开始时间，到时会自动继续。',
  'waits-for-a-worker': '一有空闲的工作进程，迁移就会自动继续。',
  'needs-a-link': '迁移需要新的链接才能继续：请替换链接。',
  'needs-credentials': '迁移需要新的链接或新的凭证才能继续：请替换链接。',
  'instance-is-stopping': '实例正在停止，此过程不能中断。请稍后再试。',
  'instance-is-starting': '磁盘已完成，实例正在启动，此过程不能中断。',
  'not-over': '迁移没有失败，也没有被取消：没有可重试的内容。',
  'link-in-use': '链接正在被读取。请先暂停迁移，再替换链接。',
  'nothing-left-to-copy': '已全部复制并校验：不再从源读取任何内容。',
  'already-succeeded': '迁移已经成功。要再次写入镜像，请新建迁移。',
  'already-failed': '迁移已失败。请先重试。',
  'already-cancelled': '迁移已取消。请先重试。',
};
