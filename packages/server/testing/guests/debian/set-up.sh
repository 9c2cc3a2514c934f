#!/bin/sh
# Runs in the new Debian, once its packages are installed: makes of it the server that its disks will be. What the tools of
# Debian itself say of it is left in /told, for a test to compare with what was read from the outside.
set -eu
root_id=$1
boot_id=$2
version=$(ls /lib/modules)

echo debian >/etc/hostname
printf '%s\n' "UUID=$root_id / ext4 errors=remount-ro 0 1" "UUID=$boot_id /boot ext4 defaults 0 2" >/etc/fstab
printf '%s\n' 'allow-hotplug ens3' 'iface ens3 inet dhcp' >/etc/network/interfaces.d/ens3
cat >/etc/default/grub <<'END'
GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"
GRUB_TERMINAL=serial
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
END

# An initramfs with the drivers of one machine, as MODULES=dep or list makes it: of a machine with an IDE disk.
cp -r /etc/initramfs-tools /tmp/ide
sed -i 's/^MODULES=.*/MODULES=list/' /tmp/ide/initramfs.conf
printf '%s\n' ata_piix ata_generic sd_mod ext4 >/tmp/ide/modules
mkinitramfs -d /tmp/ide -o "/boot/initrd-ide.img" "$version"
rm -r /tmp/ide

# grub-mkconfig asks these two what lies where. Here nothing lies on a disk yet, so they say what it will be.
probe=/usr/sbin/grub-probe
relpath=/usr/bin/grub-mkrelpath
for program in $probe $relpath; do mv $program $program.real; done
cat >$relpath <<'END'
#!/bin/sh
for path in "$@"; do :; done
echo "${path#/boot}"
END
cat >$probe <<END
#!/bin/sh
boot_id=$boot_id
root_id=$root_id
END
cat >>$probe <<'END'
id=$root_id number=2 target=
while [ $# -gt 0 ]; do
  case $1 in
    --target=*) target=${1#--target=} ;;
    -t) target=$2 && shift ;;
    /boot* | /dev/sda1) id=$boot_id number=1 ;;
  esac
  shift
done
case $target in
  device) echo /dev/sda$number ;;
  fs_uuid) echo $id ;;
  fs) echo ext2 ;;
  partmap) echo msdos ;;
  drive) echo "(hd0,msdos$number)" ;;
esac
END
chmod 755 $probe $relpath
mkdir -p /dev/disk/by-uuid
touch "/dev/disk/by-uuid/$root_id"
mkdir -p /boot/grub
grub-mkconfig -o /boot/grub/grub.cfg
rm -r /dev/disk
for program in $probe $relpath; do mv $program.real $program; done

mkdir /told
cp /etc/os-release /told/os-release
for image in initrd.img-"$version" initrd-ide.img; do lsinitramfs "/boot/$image" >"/told/$image"; done
cp "/lib/modules/$version/modules.builtin" "/lib/modules/$version/modules.dep" /told/
dpkg-query -W >/told/packages

# Whoever makes a file system of these files need not be root, and must be able to read them.
find / -xdev -path /proc -prune -o -type f ! -perm -u+r -exec chmod u+r {} +
