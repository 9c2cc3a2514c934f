import type { ProviderCode } from '../../../providers/catalogue.ts';
import type { TextsOf } from '../text.ts';

export const PROVIDER_ZH: TextsOf<ProviderCode> = {
  'volume-not-found': ['没有该 ID 的卷。', '请从卷列表中取得 ID。'],
  'instance-not-found': ['没有该 ID 的实例。', '请从实例列表中取得 ID。'],
  'zone-unknown': ['提供方没有该地域或可用区。', '请使用消息列出的其中之一。'],
  'zone-differs': ['卷只能挂载到同一可用区的实例。', '请在实例所在的可用区创建卷。'],
  'request-invalid': ['有一个值超出提供方接受的范围。', '请给出消息所允许的值。'],
  'operation-key-reused': ['该键已代表另一个操作。', '每个操作请使用新的键；只有重新执行同一调用时才使用相同的键。'],
  held: ['正被他方占用，不能更改。', '请等待消息所指的占用者完成。'],
  'volume-attached': ['卷已挂载到实例。', '请先卸载。'],
  'volume-is-system': ['系统卷始终属于其实例。', '请删除实例，或改用数据卷。'],
  'volume-in-use': ['卷正在被写入。', '请等待复制完成，或停止实例。'],
  'volume-shrinks': ['卷不能缩小。', '请给出不小于当前大小的值。'],
  'volume-damaged': ['卷的磁盘已丢失，或比记录的短。', '请从备份恢复该文件，或删除该卷。'],
  'volume-is-device': [
    '该卷是机器上的设备，不能在这里更改大小或删除。',
    '请扩展设备本身；要移除该卷，请从配置的列表中删除它。',
  ],
  'device-unusable': [
    '卷的设备不存在、正在使用中，或已是另一个设备。',
    '请按消息所述处理：连接、卸载，或重新列入配置。',
  ],
  'device-refused': ['配置中的一个设备不能作为卷。', '请修改 [[service.local.devices]] 中消息所指的项目。'],
  'attachments-full': ['实例的数据卷数量已达上限。', '请先卸载其中一个。'],
  'instance-running': ['实例运行时无法进行此操作。', '请先停止实例。'],
  'folder-busy': ['另一个服务正在使用该数据文件夹。', '请停止另一个服务，或为此服务指定单独的文件夹。'],
  'folder-damaged': ['数据文件夹中的一条记录与写入时不一致。', '请从备份恢复消息所指的文件。'],
  'locks-missing': [
    '文件系统或操作系统没有锁功能，可能有两个服务写入同一块磁盘。',
    '请将数据文件夹放在使用 glibc 的 Linux 的本地文件系统上。',
  ],
  'storage-failed': ['无法读写数据文件夹。', '请查找消息所述的原因：磁盘已满、权限不足或介质损坏。'],
  'hypervisor-missing': ['没有安装运行实例所需的软件。', '在 Debian 上：apt-get install qemu-system-x86 ovmf'],
  'instance-stopped': ['实例已停止，没有可显示的画面。', '请先启动实例。'],
  'screen-missing': ['无法取得实例的画面。', '请重试；消息中有 QEMU 的答复。'],
  'console-unread': ['实例没有接收输入到串口控制台的内容。', '请查看控制台：里面可能没有程序在读取。'],
  'guest-not-started': ['实例无法启动。', '消息中有 QEMU 最后的输出。'],
  'guest-not-stopped': ['实例的进程没有结束。', '请检查消息所指的进程；它在等待磁盘，或属于另一个用户。'],
};
