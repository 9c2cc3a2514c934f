import type { CheckTextsOf } from '../text.ts';

export const GUEST_CHECKS_JA: CheckTextsOf<string> = {
  'guest-nature': [
    'イメージにシステムが入っていること（データ、インストーラー、単一パーティション、空ではないこと）。',
    'パーティションテーブルを含むシステムディスク全体のイメージを指定してください。インストール用メディアは使えません。',
  ],
  'guest-disk-cut': [
    'すべてのパーティションがディスク内に収まっていること。',
    'イメージが途中で切れています。ディスク全体をもう一度エクスポートしてください。',
  ],
  'guest-volume-cut': [
    'すべてのファイルシステムがその領域に収まっていること。',
    'パーティションが縮小されたか、イメージが途中で切れています。ディスクをもう一度エクスポートしてください。',
  ],
  'guest-partition-table': [
    'ターゲットがこの種類のパーティションテーブルを受け付けること。',
    'エクスポート前に MBR（BIOS 起動）へ変換するか、GPT に対応するターゲットを選んでください。',
  ],
  'guest-partition-table-damaged': [
    'GPT の両方のコピーと論理パーティションの連なりが正常なこと。',
    'エクスポート前にテーブルを修復してください: sgdisk -v と -e、または gdisk。',
  ],
  'guest-encrypted': [
    'ディスクに暗号化された部分があるか。',
    'ターゲットのコンソールで入力できるよう、パスフレーズを用意してください。TPM 内の鍵はディスクと一緒に移りません。',
  ],
  'guest-other-disks': [
    'RAID、ボリュームグループ、Btrfs が、このイメージにないディスクを必要としていないこと。',
    'グループのディスクをすべて一緒に移行するか、先にシステムを 1 台のディスクへまとめてください。',
  ],
  'guest-filesystem-state': [
    'ファイルシステムが正しくアンマウントされ、既知のエラーがないこと。',
    'システムをシャットダウンしてからもう一度エクスポートしてください。稼働中のコピーは整合していないことがあります。',
  ],
  'guest-hibernated': [
    'システムがディスク上で休止状態（休止、Windows の高速スタートアップ）になっていないこと。',
    '起動して休止を無効にし（Windows: powercfg /h off）、シャットダウンしてからもう一度エクスポートしてください。',
  ],
  'guest-firmware': [
    'ターゲットのファームウェアでディスクが起動すること。',
    'そのファームウェアのターゲットを選ぶか、エクスポート前にもう一方のブートローダーをインストールしてください。',
  ],
  'guest-bios-code': [
    'BIOS のブートコードが次に読み込むものがあること。',
    'ブートローダーをディスク自体にインストールし（grub-install /dev/DISK）、ディスク全体をエクスポートしてください。',
  ],
  'guest-efi-fallback': [
    '元のマシンに残る変数なしで UEFI がローダーを見つけられること。',
    'ローダーを ESP の /EFI/BOOT/BOOTX64.EFI にコピーするか（grub-install --removable）、ターゲットで起動項目を追加してください。',
  ],
  'guest-boot-entry': [
    'ブートローダーのどの項目が自動的に起動するか。',
    'ブートローダーの設定を作り直してください（update-grub、grub2-mkconfig -o）。',
  ],
  'guest-kernel': [
    '起動されるカーネルと initramfs があること。',
    'カーネルを入れ直すか、/boot パーティションも含めてディスクをエクスポートしてください。',
  ],
  'guest-root-device': [
    'カーネルがルートファイルシステムを、ディスクと一緒に移る名前で見つけること。',
    'ブートローダーの設定で、ルートを blkid が示す UUID で指定してください（root=UUID=…）。',
  ],
  'guest-root-subvolume': [
    'カーネルが、システムのある Btrfs サブボリュームをマウントすること。',
    'カーネルのコマンドラインで指定するか（rootflags=subvol=NAME）、既定にしてください（btrfs subvolume set-default）。',
  ],
  'guest-serial-console': [
    'カーネルがシリアルに出力し、起動を見守れること。',
    'カーネルのコマンドラインに console=tty0 console=ttyS0,115200 を追加してください。',
  ],
  'guest-disk-driver': [
    'ターゲットのディスクバスのドライバーが、起動するカーネルか initramfs に入っていること。',
    'initramfs に加えてください。RHEL 系: dracut --force --add-drivers "virtio_pci virtio_blk virtio_scsi"。Debian 系: /etc/initramfs-tools/modules に追加して update-initramfs -u。',
  ],
  'guest-root-filesystem-driver': [
    'ルートファイルシステムのドライバーがカーネルか initramfs に入っていること。',
    'このファイルシステムで動くシステムで initramfs を作り直してください（dracut --force、update-initramfs -u）。',
  ],
  'guest-lvm-driver': [
    'initramfs が LVM 上のルートを見つけられること。',
    'LVM を含めて initramfs を作り直してください（dracut --force --add lvm、または lvm2 を入れて update-initramfs -u）。',
  ],
  'guest-raid-driver': [
    'initramfs が RAID 1 上のルートを見つけられること。',
    'mdadm を含めて initramfs を作り直してください（dracut --force --mdadmconf --add mdraid、または mdadm を入れて update-initramfs -u）。',
  ],
  'guest-network-driver': [
    'ターゲットのネットワークインターフェイスのドライバーがカーネルにあること。',
    'CONFIG_VIRTIO_NET を持つカーネルをインストールしてください。',
  ],
  'guest-fstab-missing': [
    'fstab が、このイメージにないディスクを待たないこと。',
    'それらのディスクも移行するか、/etc/fstab の該当行に nofail を加える（または削除する）。',
  ],
  'guest-fstab-names': [
    'fstab が、元のマシンでの名前（/dev/sda1、/dev/xvda1、by-id、by-path）でディスクを指していないこと。',
    '/etc/fstab では blkid が示す UUID で指定してください。',
  ],
  'guest-crypttab': [
    '起動時に暗号化ボリュームを開くか。',
    'ターゲットのコンソールで入力できるようパスフレーズを用意するか、/etc/crypttab から行を削除してください。',
  ],
  'guest-root-space': [
    'ルートファイルシステムに空きがあること。',
    'エクスポート前に空きを作るか、ターゲットでファイルシステムを拡張してください。',
  ],
  'guest-architecture': [
    'システムのプログラムがターゲットのプロセッサーで動くこと。',
    'そのアーキテクチャーのインスタンスを選んでください。',
  ],
  'guest-conflicting-software': [
    '移行元のソフトウェア（VMware Tools、VirtualBox、Xen、他クラウドのエージェント）が入っていないこと。',
    'エクスポート前、または最初の起動後に削除してください。',
  ],
  'guest-network-mac': [
    'ネットワークが元のインターフェイスの MAC アドレスに結び付いていないこと。',
    'アドレス（HWADDR、macaddress、mac-address）と、それを含む udev ルールを削除してください。',
  ],
  'guest-network-interface': [
    'ネットワークが、ターゲットにないインターフェイス向けに設定されていないこと。',
    'net.ifnames=0 で eth0 向けに設定するか、任意のインターフェイス（e*）に一致させるか、cloud-init に任せてください。',
  ],
  'guest-network-static': [
    'システムが固定アドレスを持っていないこと。',
    'DHCP を使うか、最初の起動後にターゲットのアドレスを設定してください。',
  ],
  'guest-cloud-init': [
    'cloud-init（Windows では cloudbase-init）がインストールされ、無効にされていないこと。',
    'エクスポート前に cloud-init（と cloud-utils-growpart）をインストールし、/etc/cloud/cloud-init.disabled を削除してください。',
  ],
  'guest-cloud-init-datasource': [
    'cloud-init が、ターゲットのデータの置き場所を参照すること。',
    '/etc/cloud/cloud.cfg.d の datasource_list に、ターゲットのデータソースを加えてください。',
  ],
  'guest-cloud-init-elsewhere': [
    'cloud-init が別のクラウドだけに問い合わせ、起動のたびに待つことがないこと。',
    'datasource_list から他のクラウドのデータソースを外してください。',
  ],
  'guest-windows-disk-driver': [
    'Windows にディスクバスのドライバーがあり、ブート時に開始されること。',
    'エクスポート前に、動作中のシステムに virtio ドライバー（virtio-win）をインストールしてください。',
  ],
  'guest-windows-boot-store': [
    'ターゲットのファームウェア用の Windows ブートストア（BCD）があり、このディスクの Windows を指していること。',
    '動作中のシステムか回復コンソールで作り直してください: bcdboot C:\\Windows /s S: /f BIOS（または UEFI）。S: はブートボリュームです。',
  ],
  'guest-windows-network-driver': [
    'Windows にネットワークインターフェイスのドライバーがあること。',
    'エクスポート前に、動作中のシステムに virtio ドライバー（virtio-win）をインストールしてください。',
  ],
  'guest-windows-sysprep': [
    'Windows が Sysprep で一般化されたか、その途中であるか。',
    'エクスポート前に Windows のセットアップを完了させてください。1 台のサーバーのコピーに Sysprep は不要です。',
  ],
};
