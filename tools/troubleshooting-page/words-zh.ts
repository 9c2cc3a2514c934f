import type { PageWords } from './words.ts';

const HEAD = `# 故障排查

[English](troubleshooting.md) · [日本語](troubleshooting.ja.md)

本页由 \`npm run docs\` 根据程序的目录生成，请勿手工修改。

任何问题都有一个固定不变的代码：控制台把它和消息一起显示，命令把它放在方括号里，API 中是 \`code\`。请在本页查找该代码。
这里的处理方法适用于服务及其控制台；单独使用命令时的处理方法（含参数）见 [errors.md](../errors.md)（英文）。

| 现象 | 看哪里 |
|---|---|
| 无法点击“完成”，或 \`migrate\` 因检查而结束 | 下面的检查；每项都显示发现了什么 |
| 正在等待 | 迁移页面会说明在等什么：新链接用 \`migrations replace-link\`；等待人工处理时看显示的代码 |
| 失败了 | 先看代码，再“重试”（\`migrations retry\`）：页面说可以继续时，会从停下的地方继续 |
| 很慢 | 迁移页面上的瓶颈：源、设置的限速、解包或磁盘 |
| 成功了，但服务器无法启动 | 对镜像运行 \`diskferry inspect\` 并查看其[检查](../checks.md)（英文）；实例的串行控制台 |
| 按钮不可用 | 本页末尾的原因 |

失败的迁移的页面上可以下载供支持人员使用的文件，其中有所需的信息；不含链接签名和凭证。
`;

/** Chinese. */
export const WORDS_ZH: PageWords = {
  head: HEAD,
  remedy: '处理方法：',
  retry: '重试：',
  retries: {
    now: '可立即重试',
    later: '外部情况改变后可重试',
    never: '除非更换镜像、链接、目标或请求，否则结果相同',
  },
  status: 'HTTP 状态：',
  says: '结论：',
  verdicts: { pass: '通过', warn: '警告', block: '阻止', unknown: '未知' },
  waits: '进行中的迁移会等待：',
  reasons: {
    'start-time': '开始时间',
    worker: '工作进程',
    link: '新的链接',
    credentials: '新的凭证',
    person: '人工处理',
  },
  stop: '。',
  separator: '、',
  checkChapters: [
    ['检查：请求', '请求本身。'],
    ['检查：链接', '能否以这些权限读取对象，以及途中是否会变成别的对象。'],
    ['检查：镜像', '对象里是什么。'],
    ['检查：大小', '是否放得下。文件和虚拟磁盘的大小分别比较。'],
    ['检查：云硬盘', '将要写入的磁盘。'],
    ['检查：实例', '磁盘所属的服务器。'],
  ],
  inside: ['检查：镜像内部', '磁盘上的系统能否在目标上启动；详见 [checks.md](../checks.md)（英文）。'],
  engineChapters: [
    ['image', '镜像', '虚拟磁盘及其格式。'],
    ['package', '包', '包在镜像外面的压缩和归档。'],
    ['source', '源', '数据所在的位置。'],
    ['target', '目标', '写入的位置。'],
    ['checkpoint', '检查点', '复制过程的记录。'],
    ['', '其他', '命令和复制本身。'],
  ],
  provider: ['实例和云硬盘', '提供方拒绝的操作。'],
  service: ['服务', '服务自身的回答及其 HTTP 状态。'],
  refusals: ['操作不可用的原因', '不可用的按钮所显示的原因。'],
};
