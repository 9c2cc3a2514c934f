import type { CheckTextsOf } from '../text.ts';

export const GUEST_CHECKS_ZH: CheckTextsOf<string> = {
  'guest-nature': [
    '镜像中是一个系统，而不是数据、安装介质、单个分区或空盘。',
    '请提供包含分区表的整个系统盘镜像，而不是安装介质。',
  ],
  'guest-disk-cut': ['所有分区都完整地位于磁盘内。', '镜像被截断或导出提前结束：请重新导出整个磁盘。'],
  'guest-volume-cut': [
    '所有文件系统都不大于其所在的位置。',
    '分区被缩小得比文件系统还小，或镜像被截断：请重新导出磁盘。',
  ],
  'guest-partition-table': [
    '目标支持这种分区表。',
    '请在导出前将磁盘转换为 MBR（系统以 BIOS 启动），或选择支持 GPT 的目标。',
  ],
  'guest-partition-table-damaged': [
    'GPT 的两份副本以及逻辑分区链都完好。',
    '请在导出前修复分区表：sgdisk -v 和 -e，或 gdisk。',
  ],
  'guest-encrypted': ['磁盘是否有加密的部分。', '请准备好口令，以便在目标的控制台输入；TPM 中的密钥不会随磁盘迁移。'],
  'guest-other-disks': [
    'RAID、卷组或 Btrfs 不需要此镜像之外的磁盘。',
    '请一并迁移该组的所有磁盘，或先将系统移到一块磁盘上。',
  ],
  'guest-filesystem-state': [
    '文件系统已正常卸载，且没有已知错误。',
    '请关闭系统后重新导出；运行时复制的磁盘可能不一致。',
  ],
  'guest-hibernated': [
    '磁盘上的系统没有处于休眠（休眠、Windows 快速启动）。',
    '请启动系统，关闭休眠（Windows：powercfg /h off），关机后重新导出。',
  ],
  'guest-firmware': ['磁盘能以目标的固件启动。', '请选择具有该固件的目标，或在导出前安装另一种固件的引导程序。'],
  'guest-bios-code': [
    'BIOS 引导代码接下来要加载的内容存在。',
    '请将引导程序安装到磁盘本身（grub-install /dev/DISK），并导出整个磁盘。',
  ],
  'guest-efi-fallback': [
    'UEFI 无需保留在旧机器上的变量即可找到引导程序。',
    '请将引导程序复制到 ESP 的 /EFI/BOOT/BOOTX64.EFI（grub-install --removable），或在目标上添加启动项。',
  ],
  'guest-boot-entry': ['引导程序的哪一项会自动启动。', '请重新生成引导程序的配置（update-grub、grub2-mkconfig -o）。'],
  'guest-kernel': ['将要启动的内核和 initramfs 存在。', '请重新安装内核，或连同 /boot 分区一起导出磁盘。'],
  'guest-root-device': [
    '内核以随磁盘移动的名称找到根文件系统。',
    '请在引导程序的配置中以 UUID 指定根文件系统（root=UUID=…，见 blkid）。',
  ],
  'guest-root-subvolume': [
    '内核挂载系统所在的 Btrfs 子卷。',
    '请在内核命令行中指定（rootflags=subvol=NAME），或将其设为默认子卷（btrfs subvolume set-default）。',
  ],
  'guest-serial-console': [
    '内核向串口输出，以便观察启动过程。',
    '请在内核命令行中添加 console=tty0 console=ttyS0,115200。',
  ],
  'guest-disk-driver': [
    '目标磁盘总线的驱动已内置于将要启动的内核或其 initramfs 中。',
    '请将驱动加入 initramfs：RHEL 系 dracut --force --add-drivers "virtio_pci virtio_blk virtio_scsi"；Debian 系加入 /etc/initramfs-tools/modules 后运行 update-initramfs -u。',
  ],
  'guest-root-filesystem-driver': [
    '根文件系统的驱动已内置于内核或 initramfs 中。',
    '请在以此文件系统运行的系统上重新生成 initramfs（dracut --force、update-initramfs -u）。',
  ],
  'guest-lvm-driver': [
    'initramfs 能找到 LVM 上的根。',
    '请重新生成含 LVM 的 initramfs（dracut --force --add lvm；或安装 lvm2 后运行 update-initramfs -u）。',
  ],
  'guest-raid-driver': [
    'initramfs 能找到 RAID 1 上的根文件系统。',
    '请重新生成包含 mdadm 的 initramfs（dracut --force --mdadmconf --add mdraid；或安装 mdadm 后运行 update-initramfs -u）。',
  ],
  'guest-network-driver': ['内核有目标网络接口的驱动。', '请安装带有 CONFIG_VIRTIO_NET（内置或模块）的内核。'],
  'guest-fstab-missing': [
    'fstab 不等待此镜像之外的磁盘。',
    '请一并迁移这些磁盘，或在 /etc/fstab 的对应行加上 nofail（或删除这些行）。',
  ],
  'guest-fstab-names': [
    'fstab 没有使用旧机器上的名称（/dev/sda1、/dev/xvda1、by-id、by-path）来指定磁盘。',
    '请在 /etc/fstab 中以 blkid 显示的 UUID 指定。',
  ],
  'guest-crypttab': [
    '启动时是否要打开加密卷。',
    '请准备好口令，以便在目标的控制台输入，或从 /etc/crypttab 中删除这些行。',
  ],
  'guest-root-space': ['根文件系统还有剩余空间。', '请在导出前腾出空间，或在目标上扩大文件系统。'],
  'guest-architecture': ['系统的程序能在目标的处理器上运行。', '请选择该架构的实例。'],
  'guest-conflicting-software': [
    '没有安装来源环境的软件：VMware Tools、VirtualBox 增强功能、Xen 工具、其他云的代理。',
    '请在导出前或首次启动后将其卸载。',
  ],
  'guest-network-mac': [
    '网络没有绑定到旧接口的 MAC 地址。',
    '请删除这些地址（HWADDR、macaddress、mac-address）以及包含它们的 udev 规则。',
  ],
  'guest-network-interface': [
    '网络没有设置在目标不具有的接口上。',
    '请以 net.ifnames=0 设置为 eth0，或匹配任意接口（e*），或交由 cloud-init 处理。',
  ],
  'guest-network-static': ['系统没有固定地址。', '请使用 DHCP，或在首次启动后设置目标给出的地址。'],
  'guest-cloud-init': [
    '已安装 cloud-init（Windows 上为 cloudbase-init）且未被关闭。',
    '请在导出前安装 cloud-init（和 cloud-utils-growpart），并删除 /etc/cloud/cloud-init.disabled。',
  ],
  'guest-cloud-init-datasource': [
    'cloud-init 会查找目标存放数据的位置。',
    '请在 /etc/cloud/cloud.cfg.d 的 datasource_list 中加入目标的数据源。',
  ],
  'guest-cloud-init-elsewhere': [
    'cloud-init 不会只询问其他云并在每次启动时等待。',
    '请从 datasource_list 中移除其他云的数据源。',
  ],
  'guest-windows-disk-driver': [
    'Windows 具有磁盘总线的驱动并在启动时加载。',
    '请在导出前于运行中的系统上安装 virtio 驱动（virtio-win）。',
  ],
  'guest-windows-boot-store': [
    '存在适用于目标固件的 Windows 启动配置（BCD），并指向此磁盘上的 Windows。',
    '请在运行中的系统或恢复控制台中重新写入：bcdboot C:\\Windows /s S: /f BIOS（或 UEFI），其中 S: 是启动卷。',
  ],
  'guest-windows-network-driver': [
    'Windows 具有网络接口的驱动。',
    '请在导出前于运行中的系统上安装 virtio 驱动（virtio-win）。',
  ],
  'guest-windows-sysprep': [
    'Windows 是否已由 Sysprep 通用化，或正处于其过程中。',
    '请在导出前让 Windows 完成设置；复制单台服务器无需 Sysprep。',
  ],
};
