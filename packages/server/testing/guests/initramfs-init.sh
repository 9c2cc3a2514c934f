#!/bin/sh
# The first process of a mini guest's initramfs: loads the drivers in /conf/modules, waits for the root, goes there.
# Where that fails it says what Debian's initramfs says, and stays, unless it is told to power off.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev

root=
type=
for word in $(cat /proc/cmdline); do
  case $word in
    root=*) root=${word#root=} ;;
    rootfstype=*) type=${word#rootfstype=} ;;
  esac
done

give_up() {
  echo "ALERT!  $root does not exist.  Dropping to a shell!"
  echo "DISKFERRY-BOOT-FAIL initramfs $1 root=$root disks=$(ls /sys/block | tr '\n' ,)"
  [ -e /conf/power-off ] && poweroff -f
  printf '(initramfs) '
  while :; do sleep 3600; done
}

found_root() {
  case $root in
    UUID=* | LABEL=*) findfs "$root" 2>/dev/null ;;
    *) [ -b "$root" ] && echo "$root" ;;
  esac
}

while read -r module; do modprobe "$module"; done </conf/modules
tries=0
# Nobody tells of new devices here: LVM looks for its own, and makes the names in /dev/mapper.
while [ -z "$(found_root)" ]; do
  [ -x /sbin/lvm ] && lvm vgchange -ay --sysinit >/dev/null 2>&1 && lvm vgmknodes >/dev/null 2>&1
  tries=$((tries + 1))
  [ $tries -gt 25 ] && give_up root-not-found
  sleep 0.1
done
mount -t "${type:-ext4}" -o ro "$(found_root)" /root || give_up mount-failed
for folder in proc sys dev; do mount --move /$folder /root/$folder; done
exec switch_root /root /sbin/init
