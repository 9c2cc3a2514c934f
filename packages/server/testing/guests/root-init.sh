#!/bin/sh
# The first process of a mini guest: does with fstab, swap and the network what a Debian with systemd does, says in one
# line what came of it, and waits for the power button.
export PATH=/sbin:/bin
hostname -F /etc/hostname
host=$(hostname)
mount -t tmpfs run /run
while read -r module; do modprobe "$module"; done </etc/modules

switch_off() {
  sync
  swapoff -a 2>/dev/null
  mount -o remount,ro / 2>/dev/null
  poweroff -f
}

# Power buttons are input devices; a read waits until one is pressed.
wait_for_power_button() {
  for input in /sys/class/input/event*; do
    [ "$(cat "$input/device/name")" = 'Power Button' ] || continue
    dd if="/dev/input/${input##*/}" of=/dev/null bs=24 count=1 2>/dev/null
    echo 'Power key pressed short.'
    return
  done
  while :; do sleep 3600; done
}

stay() {
  [ -e /etc/mini-guest/power-off ] || wait_for_power_button
  switch_off
}

found_device() {
  tries=0
  while [ $tries -lt 15 ]; do
    case $1 in
      UUID=* | LABEL=*) findfs "$1" 2>/dev/null && return ;;
      *) [ -b "$1" ] && echo "$1" && return ;;
    esac
    tries=$((tries + 1))
    sleep 0.1
  done
}

emergency() {
  echo "[FAILED] Timed out waiting for device $1."
  echo 'You are in emergency mode.'
  echo "DISKFERRY-BOOT-FAIL $host fstab-device-missing $1 on $2"
  stay
}

# A missing root or swap is no reason to stop; any other device that is not `nofail` is.
mount -o remount,rw /
while read -r device folder type options _; do
  case $device in '' | '#'*) continue ;; esac
  [ "$folder" = / ] && continue
  found=$(found_device "$device")
  if [ "$type" = swap ]; then
    [ -n "$found" ] && swapon "$found"
  elif [ -n "$found" ]; then
    mkdir -p "$folder" && mount -t "$type" "$found" "$folder"
  else
    case $options in *nofail*) ;; *) emergency "$device" "$folder" ;; esac
  fi
done </etc/fstab

# A rule of udev that names an interface by its address.
for rules in /etc/udev/rules.d/*.rules; do
  [ -e "$rules" ] || continue
  address=$(sed -n 's/.*ATTR{address}=="\([^"]*\)".*/\1/p' "$rules")
  name=$(sed -n 's/.*NAME="\([^"]*\)".*/\1/p' "$rules")
  for card in /sys/class/net/*; do
    [ "$(cat "$card/address")" = "$address" ] && nameif "$name" "$address"
  done
done
net=none
for name in $(sed -n 's/^ *iface \([^ ]*\) inet static.*/\1/p' /etc/network/interfaces); do
  net=$name:missing
  [ -e "/sys/class/net/$name" ] || continue
  address=$(sed -n "/iface $name /,\$s/^ *address //p" /etc/network/interfaces | head -n 1)
  ip addr add "$address" dev "$name" && ip link set "$name" up && net=$name:up
done

canary=bad
(cd / && sha256sum -s -c /etc/mini-guest/canary.sha256) && canary=ok
data=0
for sums in /srv/*/canary.sha256; do
  [ -e "$sums" ] || continue
  data=$((data + 1))
  (cd "${sums%/*}" && sha256sum -s -c canary.sha256) || canary=bad
done
root=$(awk '$2 == "/" && $1 != "rootfs" { print $1, $3 }' /proc/mounts | tail -n 1)
swap=$(awk 'NR > 1 { print $1 }' /proc/swaps | head -n 1)
firmware=bios
[ -d /sys/firmware/efi ] && firmware=uefi
facts="root=${root% *} fs=${root#* } canary=$canary net=$net swap=${swap:-none} data=$data firmware=$firmware"
# Where there is no serial console, this is the proof: it is read from the disk.
echo "$facts" >>/var/log/boots
sync
echo "DISKFERRY-BOOT-OK $host $facts uptime=$(cut -d ' ' -f 1 /proc/uptime)"
printf '\n%s login: \n' "$host"
stay
